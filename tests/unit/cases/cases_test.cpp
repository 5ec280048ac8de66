// Every folder of tests/data/sk*: load the file that released skops wrote, call every method that
// scikit-learn's estimator has, compare with what scikit-learn gave; and the same for the file that
// libskops writes of it.
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

// Every method of the model that scikit-learn's estimator has.
void compare(const skops::Model& model, const boost::json::object& json, const char* which) {
  const auto& tolerance = json.at("tolerance").as_object();
  const double rtol = tolerance.at("rtol").to_number<double>(),
               atol = tolerance.at("atol").to_number<double>();
  BOOST_TEST_REQUIRE(model.unavailable() == "");
  for (const auto& [method, expected] : json.at("expected").as_object()) {
    const auto& inputs = json.at("inputs").as_object();
    const auto own = inputs.find(method);
    const skops_test::JsonInput input(
        (own == inputs.end() ? json.at("input") : own->value()).as_object());
    try {
      const skops::Result result = model.call(method, input.input());
      const auto d = skops_test::difference(result, expected.as_object(), rtol, atol);
      BOOST_CHECK_MESSAGE(d.empty(), which << std::string(method) << ": " << d);
    } catch (const skops::Error& error) {
      BOOST_ERROR(which << std::string(method) << ": " << error.what());
    }
  }
}

// The file, and what libskops makes of it when it writes it anew: in both forms, and again.
void run_case(const fs::path& folder) {
  static const skops::Host host;
  std::ifstream in(folder / "case.json");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto json = boost::json::parse(text).as_object();
  try {
    const skops::File file = skops::File::open(folder / "model.skops");
    const skops::Model model = host.load(file);
    compare(model, json, "");
    const auto stored = skops::save_to_memory(host, file);
    const auto deflated = skops::save_to_memory(
        host, file, {.compression = skops::SaveOptions::Compression::deflated});
    const skops::File again = skops::File::from_memory(stored);
    const skops::File smaller = skops::File::from_memory(deflated);
    compare(host.load(again), json, "saved: ");
    BOOST_TEST((model.save_to_memory() == stored));
    BOOST_TEST((skops::save_to_memory(host, again) == stored));
    BOOST_TEST((skops::save_to_memory(host, smaller) == stored));
    BOOST_TEST(host.audit(again).untrusted() == host.audit(file).untrusted(),
               boost::test_tools::per_element());
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
