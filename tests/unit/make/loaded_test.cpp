// Models that were loaded, saved by the serializers of their plugins: the very file that
// Model::save writes of them, for each model of tests/data.
#include <boost/json.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "skops/skops.hpp"
#include "unit/make/made_archive.hpp"

using namespace skops;
using skops_test::members;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

const Host& host() {
  static const Host host;
  return host;
}

const fs::path data = fs::path(SKOPS_TEST_DATA) / "data";

// The schema without the order of keys, which is the file's in one and the loader's in the other;
// with the protocol and version of what is saved, which a file by scikit-learn 1.2 has older.
json::value parsed(const std::string& schema) {
  json::value out = json::parse(schema, {}, {.max_depth = 700});
  out.as_object()["protocol"] = 2;
  out.as_object()["_skops_version"] = "0.16.0";
  return out;
}

}  // namespace

BOOST_DATA_TEST_CASE(serializers_keep_all_and_add_nothing,
                     boost::unit_test::data::make({"sk12", "sk15", "sk19"}), version) {
  std::size_t count = 0, refused = 0;
  for (const auto& folder : fs::directory_iterator(data / version)) {
    const fs::path path = folder.path() / "model.skops";
    if (!fs::exists(path)) continue;
    BOOST_TEST_CONTEXT(path.string()) {
      const Model model = host().load(path);
      auto expected = members(model.save_to_memory());
      try {
        auto saved = members(save_to_memory(host(), model));
        BOOST_TEST((parsed(saved.at("schema.json")) == parsed(expected.at("schema.json"))));
        saved.erase("schema.json");
        expected.erase("schema.json");
        BOOST_TEST((saved == expected));
        ++count;
      } catch (const Error& error) {
        // Generators of protocol 1 have no seed sequence.
        BOOST_TEST(error.code() == "save.protocol", error.what());
        BOOST_TEST(version == "sk12");
        ++refused;
      }
    }
  }
  BOOST_TEST(count > 400u);
  BOOST_TEST(refused < 10u);
}

// A step of a pipeline, put into a new one.
BOOST_AUTO_TEST_CASE(parts_of_loaded_models) {
  const Model pipeline = host().load(data / "sk19/Pipeline-scaler-logistic/model.skops");
  const std::uint64_t last = pipeline.attribute("steps[-1][1]").node;
  ObjectBuilder made("sklearn.pipeline.Pipeline");
  made.set("steps", Part::list({Part::tuple({"only", Part::of(pipeline, last)})}));
  const Model model = host().make(made);
  BOOST_TEST(model.unavailable() == "");
  BOOST_TEST(model.type() == "sklearn.pipeline.Pipeline");
  BOOST_TEST(model.attribute("steps[0][1]").text == pipeline.attribute("steps[-1][1]").text);
  BOOST_CHECK_THROW(Part::of(pipeline, 1u << 30), Error);
}
