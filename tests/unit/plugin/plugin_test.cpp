// The load sequence of plugins, a refusal at a time: each test names the code and the exact text.
// The libraries are those of tests/plugins; their manifests are written here.
#define BOOST_TEST_MODULE plugin
#include "skops/plugin.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "plugin/library.hpp"
#include "plugin/registry.hpp"
#include "plugin/sha256.hpp"
#include "skops/error.hpp"

using namespace skops;
namespace fs = std::filesystem;

namespace {

const fs::path libraries = fs::path(SKOPS_BUILD) / "test-plugins";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(file, "cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string hash_of(const std::string& bytes) {
  return sha256_hex(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

// What a manifest says; the defaults are right for tests/plugins/minimal.c.
struct Said {
  std::string id = "minimal", version = "1.0", abi = "[1, 0]", loader = "ObjectNode",
              cls = "Doubler", platform = "linux-x86_64";
  std::string size = {}, sha256 = {};  // empty: those of the library
  std::string more = {};               // further members
};

std::string manifest(const std::string& library, const Said& said = {}) {
  const fs::path path = libraries / library;
  const std::string bytes = fs::exists(path) ? read(path) : "";
  const std::string size = said.size.empty() ? std::to_string(bytes.size()) : said.size,
                    sha256 = said.sha256.empty() ? hash_of(bytes) : said.sha256;
  return R"({"manifest_version": 1, "id": ")" + said.id + R"(", "version": ")" + said.version +
         R"(", "abi": )" + said.abi + R"(, "library": [{"platform": ")" + said.platform +
         R"(", "file": ")" + library + R"(", "size": )" + size + R"(, "sha256": ")" + sha256 +
         R"("}], )" + said.more +
         R"("loaders":[{"loader":"ObjectNode","protocols":[0,3],"use":"object",)"
         R"("fields":[{"name":"content","kind":"node","required":false,"step":"state"}]}],)"
         R"("types":[{"trust":"opt-in","uses":["object"],"modules":["test"],"names":["Doubler"]}],)"
         R"("serializers": [{"loader": ")" +
         said.loader + R"(", "module": "test", "class": ")" + said.cls + R"("}]})";
}

// The rows of a registry with these manifests after everything has been mapped.
std::vector<PluginStatus> rows_of(const std::vector<std::string>& manifests,
                                  const fs::path& directory = libraries) {
  std::vector<Pin> pins(manifests.begin(), manifests.end());
  const PluginRegistry registry(pins, {.plugin_directories = {directory}});
  registry.map_all();
  return registry.status();
}

// "code: text" of the only plugin, or its state.
std::string outcome(const std::string& library, const Said& said = {}) {
  const auto rows = rows_of({manifest(library, said)});
  BOOST_REQUIRE(rows.size() == 1u);
  return rows[0].code.empty() ? rows[0].state : rows[0].code + ": " + rows[0].text;
}

std::string mismatch(const std::string& what) {
  return "entry.mismatch: the library's " + what + " is not what its manifest says";
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_plugin_in_c) {
  const std::string text = manifest("minimal.so");
  const std::vector<Pin> pins{{text}};
  const PluginRegistry registry(pins, {.plugin_directories = {libraries}});
  BOOST_TEST(registry.status()[0].state == "pinned");
  BOOST_TEST(registry.find("ObjectNode", "test", "Halver", 2) == nullptr);
  BOOST_TEST(registry.status()[0].state == "pinned");  // nothing has asked for it yet
  const skops_serializer* found = registry.find("ObjectNode", "test", "Doubler", 2);
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST(registry.find("ObjectNode", "test", "Doubler", 2) == found);
  BOOST_TEST(registry.find("ObjectNode", "test", "Doubler", 4) == nullptr);
  const PluginStatus row = registry.status()[0];
  BOOST_TEST(row.state == "loaded");
  BOOST_TEST(row.id == "minimal");
  BOOST_TEST(row.version == "1.0");
  BOOST_TEST(row.code == "");
}

BOOST_AUTO_TEST_CASE(manifest_malformed) {
  const auto row = rows_of({"{}"})[0];
  BOOST_TEST(row.state == "refused");
  BOOST_TEST(row.code == "manifest.malformed");
  BOOST_TEST(row.text == "line 1, column 1: the manifest lacks the key manifest_version");
  BOOST_TEST(rows_of({""})[0].code == "manifest.malformed");
  BOOST_TEST(rows_of({std::string(100'000, '[')})[0].code == "manifest.malformed");
  std::string extra = manifest("minimal.so");
  extra.insert(1, R"("trust_me": true, )");
  BOOST_TEST(rows_of({extra})[0].code == "manifest.malformed");
  std::string twice = manifest("minimal.so");
  twice.insert(1, R"("id": "a", )");
  BOOST_TEST(rows_of({twice})[0].code == "manifest.malformed");
}

BOOST_AUTO_TEST_CASE(manifest_version) {
  std::string newer = manifest("minimal.so");
  newer.replace(newer.find("1"), 1, "2");
  const auto row = rows_of({newer})[0];
  BOOST_TEST(row.code == "manifest.version");
  BOOST_TEST(row.text ==
             "line 1, column 22: the manifest has version 2, this host reads version 1");
  BOOST_TEST(row.remedy == "update the host");
}

BOOST_AUTO_TEST_CASE(abi_versions) {
  BOOST_TEST(outcome("minimal.so", {.abi = "[2, 0]"}) ==
             "abi.major: the plugin needs ABI 2.0, this host has 1.0");
  BOOST_TEST(outcome("minimal.so", {.abi = "[1, 1]"}) ==
             "abi.newer: the plugin needs ABI 1.1, this host has 1.0");
  BOOST_TEST(outcome("minimal.so", {.platform = "plan9-mips"}) ==
             "abi.platform: the plugin has no library for this platform");
}

BOOST_AUTO_TEST_CASE(both_plugins_of_a_conflict_are_refused) {
  const std::string a = manifest("minimal.so", {.id = "a"}),
                    b = manifest("minimal.so", {.id = "b"});
  for (const auto& order : {std::vector{a, b}, std::vector{b, a}}) {
    for (const PluginStatus& row : rows_of(order)) {
      BOOST_TEST(row.state == "refused");
      BOOST_TEST(row.code == "conflict.loader");
      BOOST_TEST(row.remedy == "pin one of them");
    }
  }
  BOOST_TEST(rows_of({a, b})[0].text == "the plugins a and b both claim the layout of ObjectNode");
}

BOOST_AUTO_TEST_CASE(one_refusal_does_not_stop_the_others) {
  const auto rows = rows_of({"{}", manifest("minimal.so"), manifest("gone.so", {.id = "gone"})});
  BOOST_REQUIRE(rows.size() == 3u);
  BOOST_TEST(rows[0].code == "manifest.malformed");
  // The third is in conflict with the second, whatever becomes of its library.
  BOOST_TEST(rows[1].code == "conflict.loader");
  BOOST_TEST(rows_of({"{}", manifest("minimal.so")})[1].state == "loaded");
}

BOOST_AUTO_TEST_CASE(library_missing) {
  BOOST_TEST(outcome("gone.so") == "library.missing: " + (libraries / "gone.so").string() +
                                       ": No such file or directory");
  const fs::path folder = fs::temp_directory_path() / "libskops-plugin-test";
  fs::remove_all(folder);
  fs::create_directories(folder / "folder.so");
  fs::create_symlink(libraries / "minimal.so", folder / "link.so");
  const auto text_of = [&](const std::string& library) {
    const auto row =
        rows_of({manifest(library, {.size = "1", .sha256 = std::string(64, '0')})}, folder)[0];
    return row.code + ": " + row.text;
  };
  BOOST_TEST(text_of("folder.so") ==
             "library.missing: " + (folder / "folder.so").string() + " is no regular file");
  BOOST_TEST(text_of("link.so") ==
             "library.missing: " + (folder / "link.so").string() + " is a symbolic link");
  fs::remove_all(folder);
}

BOOST_AUTO_TEST_CASE(library_changed) {
  const std::string path = (libraries / "minimal.so").string();
  const std::string bytes = read(path), none(64, '0');
  BOOST_TEST(outcome("minimal.so", {.size = "7", .sha256 = none}) ==
             "library.changed: " + path + " has " + std::to_string(bytes.size()) +
                 " bytes and SHA-256 " + hash_of(bytes) + ", its pin says 7 bytes and SHA-256 " +
                 none);
  BOOST_TEST(outcome("minimal.so", {.sha256 = none}) == "library.changed: " + path +
                                                            " has SHA-256 " + hash_of(bytes) +
                                                            ", its pin says " + none);
}

BOOST_AUTO_TEST_CASE(library_load) {
  const std::string text = outcome("broken_symbol.so");
  BOOST_TEST(text.starts_with("library.load: " + (libraries / "broken_symbol.so").string() + ": "));
  BOOST_TEST(text.find("skops_test_no_such_function") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(entry_missing) {
  BOOST_TEST(outcome("broken_entry.so") ==
             "entry.missing: " + (libraries / "broken_entry.so").string() +
                 " does not export skops_plugin_v1");
}

BOOST_AUTO_TEST_CASE(entry_mismatch) {
  BOOST_TEST(outcome("broken_size.so") == mismatch("entry struct"));
  BOOST_TEST(outcome("broken_abi.so") == mismatch("ABI"));
  BOOST_TEST(outcome("broken_id.so") == mismatch("id"));
  BOOST_TEST(outcome("broken_version.so") == mismatch("version"));
  BOOST_TEST(outcome("broken_declarations.so") == mismatch("declarations"));
  BOOST_TEST(outcome("broken_empty.so") == mismatch("declarations"));
  BOOST_TEST(outcome("broken_count.so") == mismatch("number of serializers"));
  BOOST_TEST(outcome("broken_null.so") == mismatch("list of serializers"));
  BOOST_TEST(outcome("broken_class.so") == mismatch("list of serializers"));
}

// A manifest may not say more than its binary either.
BOOST_AUTO_TEST_CASE(what_only_the_manifest_declares) {
  for (const char* more : {R"("checks": ["test.Doubler"], )", R"("hooks": "test.hooks", )",
                           R"("releases": ["1.0", "2.0"], )"}) {
    BOOST_TEST(outcome("minimal.so", {.more = more}) == mismatch("declarations"), more);
  }
  const auto with = [](const std::string& from, const std::string& to) {
    std::string text = manifest("minimal.so");
    BOOST_TEST_REQUIRE(text.find(from) != std::string::npos);
    return rows_of({text.replace(text.find(from), from.size(), to)})[0].code;
  };
  BOOST_TEST(with("\"types\":[", "\"types\":[ ") == "");
  BOOST_TEST(with("\"types\":[", R"("types":[{"trust":"opt-in","uses":["type"],"modules":["test"],)"
                                 R"("names":["Doubler"]},)") == "entry.mismatch");
  BOOST_TEST(with("\"loaders\":[",
                  R"("loaders":[{"loader":"ANode","protocols":[0,3],"use":"value",)"
                  R"("fields":[]},)") == "entry.mismatch");
  BOOST_TEST(with("\"required\":false", "\"required\":true") == "entry.mismatch");
}

// What a refused plugin would do is not done, and asking again gives the same answer.
BOOST_AUTO_TEST_CASE(a_refused_plugin_stays_refused) {
  const std::string text = manifest("broken_id.so");
  const std::vector<Pin> pins{{text}};
  const PluginRegistry registry(pins, {.plugin_directories = {libraries}});
  for (int k = 0; k < 2; ++k) {
    try {
      registry.find("ObjectNode", "test", "Doubler", 2);
      BOOST_ERROR("found");
    } catch (const Error& error) {
      BOOST_TEST(error.code() == "entry.mismatch");
      BOOST_TEST(error.where().plugin == "minimal");
      BOOST_TEST((error.family() == Family::plugin));
    }
  }
  BOOST_TEST(registry.status()[0].state == "refused");
}
