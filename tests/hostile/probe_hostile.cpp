// Does to every file of a list (tests/cases/hostile/hostile_files.py makes it) what a host could
// do, and says which ones crash, hang, take too much memory or break a rule of the ABI.
//
//   probe_hostile FOLDER [--seconds 20] [--memory MB] [--children N] [--from LINE] [--to LINE]
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "hostile/batch_runner.hpp"
#include "hostile/exercise.hpp"

namespace fs = std::filesystem;
using namespace skops_test;

namespace {

struct Line {
  std::string file, input, what;
};

std::vector<Line> read_list(const fs::path& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::vector<Line> out;
  for (std::string text; std::getline(in, text);) {
    std::istringstream columns(text);
    Line line;
    std::getline(columns, line.file, '\t');
    std::getline(columns, line.input, '\t');
    std::getline(columns, line.what);
    out.push_back(std::move(line));
  }
  return out;
}

// Honest files of the list must be of use, or the changed ones prove nothing.
std::string check(const fs::path& folder, const Line& line) {
  static const skops::Host host;
  Outcome outcome;
  std::string refused;
  try {
    const skops::File file = skops::File::open(folder / line.file);
    const Rows rows = read_rows(folder / line.input);
    outcome = exercise(host, file, Inputs(rows).all());
  } catch (const skops::Error& error) {
    refused = error.what();
  }
  if (!outcome.wrong.empty()) return outcome.wrong;
  if (line.what.ends_with(" as it is") && (!outcome.loaded || outcome.answered == 0)) {
    return "the honest file is of no use: " + refused;
  }
  return {};
}

int run(int argc, char** argv) {
  BatchLimits limits;
  std::size_t from = 1, to = SIZE_MAX;
  fs::path folder;
  for (int k = 1; k < argc; ++k) {
    const std::string option = argv[k];
    if (!option.starts_with("--")) {
      folder = option;
      continue;
    }
    const char* value = k + 1 < argc ? argv[++k] : "";
    if (option == "--seconds") {
      limits.seconds = std::atof(value);
    } else if (option == "--memory") {
      limits.memory = std::strtoull(value, nullptr, 10) << 20;
    } else if (option == "--children") {
      limits.children = static_cast<unsigned>(std::strtoul(value, nullptr, 10));
    } else if (option == "--from") {
      from = std::strtoull(value, nullptr, 10);
    } else if (option == "--to") {
      to = std::strtoull(value, nullptr, 10);
    } else {
      throw std::runtime_error("unknown option " + option);
    }
  }
  if (!fs::exists(folder / "list.tsv")) {
    std::cout << "skipped: nothing has been generated in " << folder << '\n';
    return 77;
  }
  std::vector<Line> lines = read_list(folder / "list.tsv");
  if (to < lines.size()) lines.resize(to);
  lines.erase(lines.begin(), lines.begin() + static_cast<long>(std::min(from - 1, lines.size())));
  if (lines.empty()) throw std::runtime_error("the list is empty");
  const auto failures =
      run_batches(lines.size(), limits, [&](std::size_t k) { return check(folder, lines[k]); });
  for (const BatchFailure& failure : failures) {
    const Line& line = lines[failure.job];
    std::cout << line.file << " (" << line.what << "): " << failure.text << '\n';
  }
  std::cout << lines.size() << " files, " << failures.size() << " wrong\n";
  return failures.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "probe_hostile: " << error.what() << '\n';
    return 2;
  }
}
