// Every folder of tests/data/sk*: load the file that released skops wrote, call every method that
// scikit-learn's estimator has, compare with what scikit-learn gave.
#define BOOST_TEST_NO_MAIN
#define BOOST_TEST_ALTERNATIVE_INIT_API
#include <boost/test/included/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "json_array.hpp"
#include "skops/skops.hpp"

namespace {

namespace fs = std::filesystem;

void run_case(const fs::path& folder) {
  static const skops::Host host;
  std::ifstream in(folder / "case.json");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto json = boost::json::parse(text).as_object();
  const auto& tolerance = json.at("tolerance").as_object();
  const double rtol = tolerance.at("rtol").to_number<double>(),
               atol = tolerance.at("atol").to_number<double>();
  try {
    const skops::Model model = host.load(folder / "model.skops");
    BOOST_TEST_REQUIRE(model.unavailable() == "");
    for (const auto& [method, expected] : json.at("expected").as_object()) {
      const auto& inputs = json.at("inputs").as_object();
      const auto own = inputs.find(method);
      const skops_test::JsonInput input(
          (own == inputs.end() ? json.at("input") : own->value()).as_object());
      try {
        const skops::Result result = model.call(method, input.input());
        const auto d = skops_test::difference(result, expected.as_object(), rtol, atol);
        BOOST_CHECK_MESSAGE(d.empty(), std::string(method) + ": " + d);
      } catch (const skops::Error& error) {
        BOOST_ERROR(std::string(method) + ": " + error.what());
      }
    }
  } catch (const skops::Error& error) {
    BOOST_ERROR(error.what());
  }
}

bool init() {
  auto& master = boost::unit_test::framework::master_test_suite();
  master.p_name.value = "cases";
  for (const char* generation : {"sk12", "sk15", "sk19"}) {
    auto* suite = BOOST_TEST_SUITE(generation);
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(fs::path(SKOPS_TEST_DATA) / "data" / generation)) {
      if (entry.is_directory()) folders.push_back(entry.path());
    }
    std::sort(folders.begin(), folders.end());
    for (const fs::path& folder : folders) {
      suite->add(boost::unit_test::make_test_case([folder] { run_case(folder); },
                                                  folder.filename().string(), __FILE__, __LINE__));
    }
    master.add(suite);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) { return boost::unit_test::unit_test_main(&init, argc, argv); }
