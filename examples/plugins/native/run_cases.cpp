// Runs every folder of the cases (python/make_cases.py says what is in them) in a host that pins
// the plugin.
//
//   acme_cases MANIFEST CASES
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <skops/skops.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Rows {
  std::vector<double> numbers;
  std::size_t rows = 0, columns = 0;
};

Rows read_rows(const fs::path& path) {
  std::ifstream in(path);
  Rows out;
  for (std::string line; std::getline(in, line); ++out.rows) {
    std::istringstream words(line);
    for (std::string word; words >> word;) out.numbers.push_back(std::stod(word));
    if (out.rows == 0) out.columns = out.numbers.size();
  }
  return out;
}

// "" where the outputs are those of the Python class, otherwise what differs.
std::string compare(const skops::Array& got, const Rows& expected) {
  if (got.size() != expected.rows) return "another number of rows";
  for (std::size_t k = 0; k < got.size(); ++k) {
    const double a = got.number(k), b = expected.numbers[k];
    if (!(std::abs(a - b) <= 1e-9 * std::abs(b))) {
      return "row " + std::to_string(k) + ": " + std::to_string(a) + " instead of " +
             std::to_string(b);
    }
  }
  return {};
}

std::string run_case(const skops::Host& host, const fs::path& folder) {
  const Rows x = read_rows(folder / "input.txt");
  std::string wanted;
  std::ifstream(folder / "code.txt") >> wanted;
  try {
    // Pinning let the library in; the names are opted in by the one who loads.
    const skops::Model model =
        host.load(folder / "model.skops", skops::Policy().trust("acme_outliers"));
    for (const char* method : {"score_samples", "decision_function", "predict"}) {
      const skops::Array y = model.array(method, skops::view(x.numbers.data(), x.rows, x.columns));
      const std::string difference = compare(y, read_rows(folder / (method + std::string(".txt"))));
      if (!difference.empty()) return method + (": " + difference);
    }
  } catch (const skops::Error& error) {
    return error.code() == wanted ? "" : error.what();
  }
  return wanted.empty() ? "" : "no error, expected was " + wanted;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: acme_cases MANIFEST CASES\n");
    return 2;
  }
  int run = 0, failed = 0;
  try {
    // A test pins what was just built; a host pins the hashes that somebody has looked at.
    const skops::Host host({.plugins = {skops::PluginPin::of(argv[1])}});
    for (const auto& row : host.load_plugins()) {
      if (row.state != "refused") continue;
      std::printf("%s: %s [%s]\n", row.id.c_str(), row.text.c_str(), row.code.c_str());
      return 1;
    }
    for (const auto& entry : fs::directory_iterator(argv[2])) {
      const std::string problem = run_case(host, entry.path());
      ++run;
      if (problem.empty()) continue;
      ++failed;
      std::printf("%s: %s\n", entry.path().filename().c_str(), problem.c_str());
    }
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
    return 1;
  }
  std::printf("%d cases, %d failed\n", run, failed);
  return run > 0 && failed == 0 ? 0 : 1;
}
