// Damages the Arrow files of tests/cases/arrow at random, reads each as the command does, and looks
// at every value of what is taken: it must lie in the file or in the table, and texts must be
// UTF-8.
//
//   fuzz_arrow FOLDER [--count 100000] [--seed 1] [--children N] [--job K]
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <memory>
#include <random>
#include <set>

#include "data/arrow/table.hpp"
#include "hostile/batch_runner.hpp"
#include "skops/error.hpp"
#include "utf8.hpp"

namespace fs = std::filesystem;
using namespace skops_test;

namespace {

using Random = std::mt19937_64;

std::vector<std::string> read_files(const fs::path& folder) {
  std::set<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".arrow") paths.insert(entry.path());
  }
  std::vector<std::string> out;
  for (const fs::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    out.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (out.empty()) throw std::runtime_error("no files in " + folder.string());
  return out;
}

std::size_t below(Random& random, std::size_t n) {
  return n == 0 ? 0 : random() % n;
}

// Another value for the 1 to 8 bytes of a number: beside the old one, at an end of its range, or as
// large as something in the file.
std::uint64_t other_number(Random& random, std::uint64_t old, std::size_t size) {
  constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
  switch (below(random, 9)) {
    case 0: return 0;
    case 1: return all;
    case 2: return all >> 1;
    case 3: return std::uint64_t{1} << below(random, 64);
    case 4: return old + 1;
    case 5: return old - 1;
    case 6: return old * 2;
    case 7: return size - below(random, 32);
    default: return below(random, 2 * size);
  }
}

void damage(Random& random, std::string& bytes) {
  const std::size_t at = below(random, bytes.size());
  switch (below(random, 12)) {
    case 0: bytes.resize(at); return;
    case 1:
      bytes.insert(at, std::string(1 + below(random, 16), static_cast<char>(random())));
      return;
    case 2: {
      const std::size_t from = below(random, bytes.size());
      const std::string part = bytes.substr(from, 1 + below(random, 64));
      bytes.replace(at, std::min(part.size(), bytes.size() - at), part);
      return;
    }
    case 3: bytes[at] = static_cast<char>(random()); return;
    case 4: bytes[at] = static_cast<char>(bytes[at] ^ 1 << below(random, 8)); return;
    default: {
      // Numbers of FlatBuffers and of the columns are aligned in their message, and so in the file.
      const std::size_t width = std::size_t{1} << below(random, 4), start = at / width * width;
      if (start + width > bytes.size()) return;
      std::uint64_t number = 0;
      std::memcpy(&number, bytes.data() + start, width);
      number = other_number(random, number, bytes.size());
      std::memcpy(bytes.data() + start, &number, width);
    }
  }
}

std::string damaged(const std::vector<std::string>& files, std::uint64_t seed, std::size_t job) {
  Random random(seed << 32 | job);
  std::string out = files[job % files.size()];
  const std::size_t times = 1 + below(random, 1 + below(random, 6));
  for (std::size_t k = 0; k < times && !out.empty(); ++k) damage(random, out);
  return out;
}

// What is wrong with a column that has been taken.
std::string look_at(const skops::ColumnView& column, std::size_t rows, std::uint64_t& sum) {
  const skops::ArrayView& view = column.values;
  if (view.shape[0] != static_cast<std::int64_t>(rows)) return "a column of another length";
  if (view.strides[0] != static_cast<std::int64_t>(view.dtype.itemsize)) return "an odd stride";
  if (view.dtype.kind != 'O') {
    if (rows != 0 && reinterpret_cast<std::uintptr_t>(view.data) % view.dtype.itemsize != 0) {
      return "a column that is not aligned";
    }
    const auto* bytes = static_cast<const unsigned char*>(view.data);
    for (std::size_t k = 0; k < rows * view.dtype.itemsize; ++k) {
      sum += bytes[k];
      if (view.dtype.kind == 'b' && bytes[k] > 1) return "a bool that is none";
    }
    return {};
  }
  for (std::size_t k = 0; k < rows; ++k) {
    const skops::Cell& cell = static_cast<const skops::Cell*>(view.data)[k];
    if (cell.kind != skops::Cell::Kind::string) continue;
    if (skops_cli::find_invalid_utf8(cell.text()) != std::string_view::npos) {
      return "a text that is not UTF-8";
    }
    sum += cell.text().size();
  }
  return {};
}

// Empty if nothing is wrong; `taken` says whether the file was.
std::string check(const std::string& file, std::size_t offset, bool& taken) {
  // Not aligned, and nothing of ours behind it: so that the sanitizers see what is read beside it.
  const auto memory = std::make_unique_for_overwrite<char[]>(offset + file.size());
  if (!file.empty()) std::memcpy(memory.get() + offset, file.data(), file.size());
  taken = false;
  try {
    const skops_cli::ArrowTable table({memory.get() + offset, file.size()});
    taken = true;
    volatile std::uint64_t kept = 0;
    std::uint64_t sum = 0;
    for (const skops::ColumnView& column : table.columns()) {
      if (std::string wrong = look_at(column, table.rows(), sum); !wrong.empty()) return wrong;
    }
    kept = sum;
    (void)kept;
    const int documents = table.document_column();
    if (documents >= 0 && table.texts(static_cast<std::size_t>(documents)).size() != table.rows()) {
      return "documents of another number";
    }
  } catch (const skops::Error& error) {
    const bool limit = error.family() == skops::Family::limit;
    if (!limit && error.code() != "data.arrow") return error.what();
    if (error.remedy().empty()) return std::string("no remedy: ") + error.what();
  }
  return {};
}

int run(int argc, char** argv) {
  BatchLimits limits;
  limits.batch = 5000;
  std::size_t count = 100000;
  std::uint64_t seed = 1;
  fs::path folder;
  std::optional<std::size_t> only;
  for (int k = 1; k < argc; ++k) {
    const std::string option = argv[k];
    const auto value = [&] { return std::strtoull(k + 1 < argc ? argv[++k] : "", nullptr, 10); };
    if (option == "--count") {
      count = value();
    } else if (option == "--seed") {
      seed = value();
    } else if (option == "--children") {
      limits.children = static_cast<unsigned>(value());
    } else if (option == "--job") {
      only = value();
    } else {
      folder = option;
    }
  }
  const std::vector<std::string> files = read_files(folder);
  for (const std::string& file : files) {
    bool taken = false;
    const std::string wrong = check(file, 0, taken);
    if (!taken) throw std::runtime_error("an undamaged file is refused " + wrong);
  }
  if (only) {
    bool taken = false;
    const std::string wrong = check(damaged(files, seed, *only), *only % 8, taken);
    std::cout << (wrong.empty() ? taken ? "taken" : "refused" : wrong) << '\n';
    return wrong.empty() ? 0 : 1;
  }
  void* shared = mmap(nullptr, sizeof(std::atomic<std::size_t>), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw std::runtime_error("no shared memory");
  auto* taken = new (shared) std::atomic<std::size_t>(0);
  const auto failures = run_batches(count, limits, [&](std::size_t job) {
    bool own = false;
    const std::string wrong = check(damaged(files, seed, job), job % 8, own);
    *taken += own;
    return wrong;
  });
  for (const BatchFailure& failure : failures) {
    std::cout << "--seed " << seed << " --job " << failure.job << ": " << failure.text << '\n';
  }
  std::cout << count << " files, " << *taken << " taken, " << failures.size() << " wrong\n";
  // Damage that is always or never noticed would test little.
  const bool both = *taken > count / 100 && *taken < count - count / 10;
  return failures.empty() && both ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "fuzz_arrow: " << error.what() << '\n';
    return 2;
  }
}
