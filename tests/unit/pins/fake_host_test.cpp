// The SDK's fake host: what it says of a plugin is what a host says.
#include <boost/test/unit_test.hpp>
#include <skops/sdk/testing/plugin.hpp>
#include <skops/skops.hpp>

namespace {

using skops::sdk::testing::array, skops::sdk::testing::dict, skops::sdk::testing::JsonText;
using skops::sdk::testing::list, skops::sdk::testing::object, skops::sdk::testing::Object;
using skops::sdk::testing::Part, skops::sdk::testing::rows;
using Numbers = std::vector<double>;

const skops::sdk::testing::Plugin& plugin() {
  static const skops::sdk::testing::Plugin known(std::string(ACME_PLUGINS) +
                                                 "/libskops_acme_outliers.so");
  return known;
}

Part detector(const Numbers& center, const Numbers& scale, Part threshold) {
  return object(
      "acme_outliers", "MadDetector",
      {{"center_", array(center)}, {"scale_", array(scale)}, {"threshold", std::move(threshold)}});
}

std::string code(const std::function<void()>& body) {
  try {
    body();
  } catch (const skops::sdk::Failure& failure) {
    return failure.code;
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(fake_host_loads_calls_and_saves) {
  const Object loaded = plugin().load(detector({1, 2}, {0.5, 3}, 3.5));
  BOOST_TEST(loaded.methods() ==
                 (std::vector<std::string>{"score_samples", "decision_function", "predict"}),
             boost::test_tools::per_element());
  const auto labels = loaded.call("predict", rows({{1, 2}, {9, 9}})).numbers();
  BOOST_TEST(labels == (Numbers{1, -1}), boost::test_tools::per_element());
  BOOST_TEST((loaded.save() == loaded.origin()));
}

BOOST_AUTO_TEST_CASE(fake_host_reports_what_the_plugin_reports) {
  const auto load = [](Part part) { return code([&] { plugin().load(std::move(part)); }); };
  BOOST_TEST(load(detector({1, 2}, {0.5, -3}, 3.5)) == "model.malformed");
  BOOST_TEST(load(detector({1, 2}, {0.5}, 3.5)) == "model.malformed");
  BOOST_TEST(load(detector({1}, {0.5}, "high")) == "model.malformed");
  BOOST_TEST(load(object("acme_outliers", "MadDetector")) == "model.unfitted");
  BOOST_TEST(load(object("acme_outliers", "Other")) == "model.unsupported");
  const Object loaded = plugin().load(detector({1, 2}, {0.5, 3}, 3.5));
  BOOST_TEST(code([&] { loaded.call("predict", rows({{1}})); }) == "input.invalid");
  BOOST_TEST(code([&] { loaded.call("transform", rows({{1, 2}})); }) == "model.unsupported");
}

// The same values as a real host finds in a real file.
BOOST_AUTO_TEST_CASE(fake_and_real_host_agree) {
  const skops::Host host({.plugins = {skops::PluginPin::of(std::string(ACME_PLUGINS) +
                                                           "/acme_outliers.skops-plugin.json")}});
  const skops::Model model = host.load(std::string(ACME_CASES) + "/accept-default/model.skops",
                                       skops::Policy().trust("acme_outliers"));
  const auto numbers = [&](const char* name) {
    const skops::Array values = model.attribute(name).array;
    Numbers out;
    for (std::size_t k = 0; k < values.size(); ++k) out.push_back(values.number(k));
    return out;
  };
  const Numbers center = numbers("center_"), scale = numbers("scale_");
  const Object fake = plugin().load(detector(center, scale, model.attribute("threshold").real));
  Numbers row(center.size(), 0.25);
  const auto got = fake.call("score_samples", rows({row})).numbers();
  const auto real = model.array("score_samples", skops::view(row.data(), 1, row.size()));
  BOOST_TEST(got.at(0) == real.number(0));
}

BOOST_AUTO_TEST_CASE(parts_compare_and_read_json) {
  const Part a = dict({{"x", list({1, 2.5, "t", nullptr, true})}});
  BOOST_TEST((JsonText(R"({"x": [1, 2.5, "t", null, true]})").read() == a));
  BOOST_TEST((JsonText(R"({"x": [1, 2.5, "t", null, 1]})").read() == a) == false);
  BOOST_TEST((JsonText("\"\\u00e4\\n\"").read() == Part("\xc3\xa4\n")));
  BOOST_TEST((JsonText("-Infinity").read() == Part(-HUGE_VAL)));
  BOOST_TEST((array<double>({1}) == array<float>({1})) == false);
  for (const char* text : {"", "[", "[1,]", "{\"a\"}", "nul", "\"\\x\"", "1 2", "+1"}) {
    BOOST_TEST(code([&] { JsonText(text).read(); }) == "plugin.field", text);
  }
}
