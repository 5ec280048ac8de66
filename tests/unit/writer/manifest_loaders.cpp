#include "unit/writer/manifest_loaders.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "manifest/manifest.hpp"

namespace skops_test {

using namespace skops;

const LoaderTable& loaders() {
  static const LoaderTable table = [] {
    LoaderTable out;
    for (const char* id : {"builtins", "numpy", "scipy", "sklearn"}) {
      std::ifstream in(std::string(SKOPS_TEST_DATA "/../plugins/") + id + "/declarations.json");
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      BOOST_REQUIRE(!text.empty());
      const std::string manifest =
          R"({"manifest_version": 1, "version": "1", "abi": [1, 0], "library": [],)"
          R"("serializers": [], "id": ")" + std::string(id) + "\"," +
          text.substr(text.find('{') + 1);
      for (const LoaderLayout& layout : read_manifest(manifest, id).layouts()) out.add(layout);
    }
    return out;
  }();
  return table;
}

}  // namespace skops_test
