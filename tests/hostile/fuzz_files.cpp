// Damages the real files of tests/data at random and does to each what a host could do. A file that
// is found is left in the folder of the build, to be looked at and to become a case.
//
//   fuzz_files DATA [--count 2000] [--seed 1] [--children N] [--only PART-OF-A-NAME] [--job K]
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "hostile/batch_runner.hpp"
#include "hostile/exercise.hpp"
#include "hostile/mutation.hpp"
#include "skops/members.hpp"
#include "unit/archive/archive_builder.hpp"
#include "unit/cases/json_array.hpp"

namespace fs = std::filesystem;
using namespace skops_test;

namespace {

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::span<const std::byte> span_of(const std::string& bytes) {
  return std::as_bytes(std::span(bytes.data(), bytes.size()));
}

// A real file, taken apart, with the inputs that go with it.
struct Real {
  std::string bytes;
  Members members;
  std::vector<std::unique_ptr<JsonInput>> owners;
  std::vector<skops::Input> inputs;

  explicit Real(const fs::path& folder) : bytes(read(folder / "model.skops")) {
    const skops::File file = skops::File::from_memory(span_of(bytes));
    for (const skops::MemberEntry& entry : skops::members(file)) {
      const auto data = *skops::member_bytes(file, entry.name);
      members.emplace_back(entry.name,
                           std::string(reinterpret_cast<const char*>(data.data()), data.size()));
    }
    const auto json = boost::json::parse(read(folder / "case.json")).as_object();
    add(json.at("input").as_object());
    for (const auto& [method, input] : json.at("inputs").as_object()) add(input.as_object());
  }
  void add(const boost::json::object& json) {
    inputs.push_back(owners.emplace_back(std::make_unique<JsonInput>(json))->input());
  }
};

std::vector<fs::path> real_files(const fs::path& data, const std::string& only) {
  std::vector<fs::path> out;
  for (const auto& generation : fs::directory_iterator(data)) {
    if (!generation.is_directory()) continue;
    for (const auto& entry : fs::directory_iterator(generation)) {
      const bool wanted = entry.path().filename().string().find(only) != std::string::npos;
      if (wanted && fs::exists(entry.path() / "model.skops")) out.push_back(entry.path());
    }
  }
  std::sort(out.begin(), out.end());
  if (out.empty()) throw std::runtime_error("no real files in " + data.string());
  return out;
}

// Which file the job damages, and what it makes of it. Each file is tried as it is first, or
// damaged ones would prove nothing.
struct Job {
  const Real& real;
  std::string bytes;
  bool honest;  // taken apart and put together again, and must be of use
};

constexpr std::size_t jobs_of_a_file = 25;

Job make(std::size_t job, std::uint64_t seed, const std::vector<fs::path>& files) {
  static std::map<std::size_t, Real> known;  // of this child
  Mutator mutator(seed << 32 | job);
  // Neighbouring jobs share a file, so that a child reads few.
  const std::size_t chosen = Mutator(seed << 32 | job / jobs_of_a_file).below(files.size());
  const auto at = known.try_emplace(chosen, files[chosen]).first;
  const Real& real = at->second;
  if (job % jobs_of_a_file == 0) return {real, plain_archive(real.members), true};
  return {real, mutator.damage(real.bytes, real.members), false};
}

// `outcome` receives how far the file came.
std::string check(const Job& job, Outcome& outcome) {
  static const skops::Host host;
  std::string refused;
  try {
    const skops::File file = skops::File::from_memory(span_of(job.bytes));
    outcome = exercise(host, file, job.real.inputs);
  } catch (const skops::Error& error) {
    refused = error.what();
  }
  if (job.honest && outcome.wrong.empty() && (!outcome.loaded || outcome.answered == 0)) {
    return "the honest file is of no use: " + refused;
  }
  return outcome.wrong;
}

int run(int argc, char** argv) {
  BatchLimits limits;
  std::size_t count = 2000;
  std::uint64_t seed = 1;
  std::string only;
  std::optional<std::size_t> single;
  fs::path data;
  for (int k = 1; k < argc; ++k) {
    const std::string option = argv[k];
    if (!option.starts_with("--")) {
      data = option;
      continue;
    }
    const std::string value = k + 1 < argc ? argv[++k] : "";
    if (option == "--count") {
      count = std::stoull(value);
    } else if (option == "--seed") {
      seed = std::stoull(value);
    } else if (option == "--children") {
      limits.children = static_cast<unsigned>(std::stoul(value));
    } else if (option == "--only") {
      only = value;
    } else if (option == "--job") {
      single = std::stoull(value);
    } else {
      throw std::runtime_error("unknown option " + option);
    }
  }
  const auto files = real_files(data, only);
  if (single) {  // in this process, for a debugger
    const Job job = make(*single, seed, files);
    std::ofstream("damaged.skops", std::ios::binary) << job.bytes;
    Outcome outcome;
    const std::string wrong = check(job, outcome);
    std::cout << (outcome.opened ? "opened, " : "not opened, ")
              << (outcome.loaded ? "loaded, " : "not loaded, ") << outcome.answered << " of "
              << outcome.methods << " calls answered\n"
              << wrong << '\n';
    return 0;
  }
  const auto failures = run_batches(count, limits, [&](std::size_t job) {
    Outcome outcome;
    return check(make(job, seed, files), outcome);
  });
  for (const BatchFailure& failure : failures) {
    const std::string name =
        "damaged-" + std::to_string(seed) + "-" + std::to_string(failure.job) + ".skops";
    std::ofstream(name, std::ios::binary) << make(failure.job, seed, files).bytes;
    std::cout << name << ": " << failure.text << '\n';
  }
  std::cout << count << " files of " << files.size() << " real ones, " << failures.size()
            << " wrong\n";
  return failures.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "fuzz_files: " << error.what() << '\n';
    return 2;
  }
}
