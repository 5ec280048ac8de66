// Binary compatibility: plugins built against the frozen headers of released ABIs (tests/abi) load,
// run, fail and save in today's host.
#define BOOST_TEST_MODULE abi
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "plugin/sha256.hpp"
#include "skops/skops.hpp"
#include "support/abi_sizes.hpp"

using namespace skops;
namespace fs = std::filesystem;

namespace {

const Policy trusting = Policy().trust("abi_1_0");

Host host() {
  return Host({.plugins = {PluginPin::of(fs::path(ABI_PLUGINS) / "abi_1_0.skops-plugin.json")}});
}

ObjectBuilder scaler() {
  return ObjectBuilder("test.Scaler");
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_frozen_files_are_as_they_were) {
  const fs::path folder = fs::path(SKOPS_TEST_DATA) / "abi/1.0";
  std::ifstream sums(folder / "SHA256SUMS");
  std::string hash, name;
  int count = 0;
  while (sums >> hash >> name) {
    const std::string text = read(folder / name);
    BOOST_TEST(sha256_hex(std::as_bytes(std::span(text.data(), text.size()))) == hash, name);
    ++count;
  }
  BOOST_TEST(count == 2);
}

BOOST_AUTO_TEST_CASE(a_plugin_of_1_0_is_loaded) {
  const Host now = host();
  for (const PluginStatus& row : now.load_plugins()) {
    BOOST_TEST(row.code == "", row.text);
    if (row.id == "abi_1_0") BOOST_TEST(row.state == "loaded");
  }
}

BOOST_AUTO_TEST_CASE(it_loads_and_calls) {
  const Host now = host();
  const Model model = now.make(scaler().set("factor", 2.5), trusting);
  BOOST_TEST(model.unavailable() == "");
  const std::vector<double> x{1, -2, 0.5, 4};
  const Array y = model.predict(view(x, 2, 2));
  BOOST_TEST_REQUIRE(y.size() == x.size());
  for (std::size_t k = 0; k < x.size(); ++k) BOOST_TEST(y.as<double>()[k] == 2.5 * x[k]);
}

BOOST_AUTO_TEST_CASE(its_errors_are_told) {
  const Host now = host();
  try {
    now.make(scaler().set("other", 1.0), trusting);
    BOOST_ERROR("made");
  } catch (const Error& error) {
    BOOST_TEST(error.code() == "scaler.factor");
    BOOST_TEST((error.family() == Family::malformed));
    BOOST_TEST(error.text() == "the factor is missing");
    BOOST_TEST(error.remedy() == "fit it again");
  }
  const Model model = now.make(scaler().set("factor", 2.5), trusting);
  const std::vector<std::int32_t> x{1, 2};
  BOOST_CHECK_EXCEPTION(model.predict(view(x, 1, 2)), Error, [](const Error& e) {
    return e.code() == "input.scaler" && e.family() == Family::input;
  });
}

BOOST_AUTO_TEST_CASE(it_saves) {
  const Host now = host();
  const Model model = now.make(scaler().set("factor", 2.5).set("kept", "as it was"), trusting);
  const std::vector<std::byte> bytes = save_to_memory(now, model);
  const Model again = now.load(File::from_memory(bytes), trusting);
  BOOST_TEST(again.attribute("factor").real == 2.5);
  BOOST_TEST(again.attribute("kept").text == "as it was");
  BOOST_TEST(again.attribute("saved").text == "by ABI 1.0");
}

// A struct that grows must not lock out the plugins of before.
BOOST_AUTO_TEST_CASE(what_a_plugin_must_have_is_what_1_0_had) {
  std::ifstream layout(fs::path(SKOPS_TEST_DATA) / "../sdk/abi/layout-1.0.txt");
  std::map<std::string, std::uint64_t> sizes;
  for (std::string type, field, offset, size; layout >> type >> field >> offset >> size;) {
    if (field == "-") sizes[type] = std::stoull(size);
  }
  BOOST_TEST(abi_1_0::plugin_size == sizes.at("skops_plugin"));
  BOOST_TEST(abi_1_0::serializer_size == sizes.at("skops_serializer"));
  BOOST_TEST(abi_1_0::object_type_size == sizes.at("skops_object_type"));
  BOOST_TEST(abi_1_0::array_size == sizes.at("skops_array"));
  BOOST_TEST(abi_1_0::csr_size == sizes.at("skops_csr"));
}
