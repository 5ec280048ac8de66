#define BOOST_TEST_MODULE manifest
#include "manifest/manifest.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "skops/error.hpp"

using namespace skops;
namespace data = boost::unit_test::data;

namespace {

const std::string good = R"({"manifest_version": 1, "id": "lib", "version": "0.1.0", "abi": [1, 0],
"library": [{"platform": "linux-x86_64", "file": "libx.so", "size": 1,
"sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}],
"loaders": [{"loader": "XNode", "protocols": [0, 3], "when": {"type": "numpy"}, "use": "value",
"accepts": ["lib.X"], "brings": [{"kind": "name", "use": "function", "module": "m", "name": "n"}],
"fields": [{"name": "m", "kind": "name"}, {"name": "n", "kind": "name"},
{"name": "c.d", "kind": "node", "required": false, "step": "state"}],
"recipe": {"make": "hook", "of": ["lib.X", "lib._y.Y"]}},
{"loader": "YNode", "protocols": [0, 3], "use": "tree",
"fields": [{"name": "content", "kind": "node"}, {"name": "__reduce__.args", "kind": "node"}],
"recipe": {"make": "reduce", "of": ["lib.Y"], "args": "__reduce__.args", "state": "content"}}],
"types": [{"trust": "default", "contents": "checked", "uses": ["object"], "modules": ["lib", "lib._x"],
"names": ["Y", "X"]}],
"serializers": [{"loader": "XNode", "module": "lib", "class": "X"}],
"checks": ["lib.Y", "lib._x.Base"], "hooks": "lib.hooks"})";

std::string code(const std::string& text) {
  try {
    read_manifest(text, "lib.skops-plugin.json");
    return "";
  } catch (const Error& error) {
    BOOST_TEST(static_cast<int>(error.family()) == static_cast<int>(Family::plugin));
    return error.code();
  }
}

std::string replaced(const std::string& from, const std::string& to) {
  std::string text = good;
  const auto at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, "not in the manifest: " + from);
  return text.replace(at, from.size(), to);
}

std::string without_recipes() {
  std::string text = good;
  for (std::size_t at; (at = text.find(",\n\"recipe\"")) != std::string::npos;) {
    text.erase(at, text.find("}}", at) + 1 - at);
  }
  return text;
}

struct Change {
  const char *from, *to;
};
std::ostream& operator<<(std::ostream& out, const Change& change) {
  return out << change.from << " -> " << change.to;
}

const std::vector<Change> hostile = {
    {"\"id\": \"lib\", ", ""},
    {"\"version\": \"0.1.0\", ", ""},
    {"\"abi\": [1, 0],", ""},
    {"\"id\"", "\"idd\""},
    {"\"id\": \"lib\"", "\"id\": \"lib\", \"id\": \"lib\""},
    {"\"id\": \"lib\"", "\"id\": \"lib\", \"more\": 1"},
    {"\"id\": \"lib\"", "\"id\": \"\""},
    {"\"id\": \"lib\"", "\"id\": \"a.b\""},
    {"\"id\": \"lib\"", "\"id\": \"*\""},
    {"\"id\": \"lib\"", "\"id\": 3"},
    {"\"0.1.0\"", "\"0.1\\n\""},
    {"[1, 0]", "[1]"},
    {"[1, 0]", "[1, -1]"},
    {"[1, 0]", "[1.0, 0]"},
    {"[1, 0]", "[1, true]"},
    {"\"libx.so\"", "\"../libx.so\""},
    {"\"libx.so\"", "\"/libx.so\""},
    {"\"libx.so\"", "\".libx.so\""},
    {"\"libx.so\"", "\"acme.skops-plugin.json\""},
    {"\"libx.so\"", "\"plugins.lock.json\""},
    {"\"libx.so\"", "\"libx\""},
    {"\"libx.so\"", "\".so\""},
    {"\"size\": 1", "\"size\": -1"},
    {"\"size\": 1", "\"size\": \"1\""},
    {"\"0123456789ab", "\"0123456789AB"},
    {"\"0123456789ab", "\"0123456789"},
    {"\"platform\": \"linux-x86_64\", ", ""},
    {"\"loaders\": [{", "\"loaders\": [{\"extra\": 1, "},
    {"\"loader\": \"XNode\", \"protocols\"", "\"protocols\""},
    {"[0, 3]", "[3, 0]"},
    {"[0, 3]", "[0]"},
    {"{\"type\": \"numpy\"}", "{}"},
    {"{\"type\": \"numpy\"}", "{\"type\": \"numpy\", \"b\": \"c\"}"},
    {"\"use\": \"value\",", ""},
    {"[\"lib.X\"]", "[]"},
    {"[\"lib.X\"]", "[\"lib.*\"]"},
    {"[\"lib.X\"]", "\"lib.X\""},
    {"\"kind\": \"node\"", "\"kind\": \"nod\""},
    {"\"name\": \"c.d\"", "\"name\": \"m\""},
    {"\"name\": \"c.d\"", "\"name\": \"c..d\""},
    {"\"required\": false", "\"required\": 0"},
    {"\"step\": \"state\"", "\"step\": \"up\""},
    {"\"module\": \"m\"", "\"module\": \"c.d\""},
    {"\"module\": \"m\"", "\"module\": \"nowhere\""},
    {"\"kind\": \"name\", \"use\"", "\"kind\": \"method\", \"use\""},
    {"\"trust\": \"default\"", "\"trust\": \"always\""},
    {"\"trust\": \"default\",", ""},
    {"\"contents\": \"checked\"", "\"contents\": \"unchecked\""},
    {"\"contents\": \"checked\"", "\"contents\": true"},
    {"\"lib.hooks\"", "\"lib/hooks\""},
    {"\"lib.hooks\"", "\"lib.hooks:HOOKS\""},
    {"\"lib.hooks\"", "[\"lib.hooks\"]"},
    {"{\"make\": \"hook\"", "{\"make\": \"eval\""},
    {"{\"make\": \"hook\", ", "{"},
    {"{\"make\": \"hook\", ", "{\"make\": \"hook\", \"build\": \"f\", "},
    {"{\"make\": \"hook\"", "{\"make\": \"dict\""},
    {"{\"make\": \"hook\"", "{\"make\": \"reduce\""},
    {"{\"make\": \"hook\"", "{\"make\": \"object\""},
    {"{\"make\": \"hook\"", "{\"make\": \"hook\", \"args\": \"c.d\""},
    {"[\"lib.X\", \"lib._y.Y\"]", "[]"},
    {"[\"lib.X\", \"lib._y.Y\"]", "[\"lib.X\", \"lib.X\"]"},
    {"[\"lib.X\", \"lib._y.Y\"]", "[\"lib\"]"},
    {"[\"lib.X\", \"lib._y.Y\"]", "[\"lib.*\"]"},
    {"[\"lib.X\", \"lib._y.Y\"]", "\"lib.X\""},
    {"[\"lib.Y\", \"lib._x.Base\"]", "[\"lib.Y\", \"lib.Y\"]"},
    {"[\"lib.Y\", \"lib._x.Base\"]", "[\"Y\"]"},
    {"[\"lib.Y\", \"lib._x.Base\"]", "[\"lib.*\"]"},
    {"[\"lib.Y\", \"lib._x.Base\"]", "{}"},
    {"\"args\": \"__reduce__.args\", ", ""},
    {", \"state\": \"content\"", ""},
    {"\"state\": \"content\"", "\"state\": \"contents\""},
    {"\"state\": \"content\"", "\"state\": \"__reduce__.args\""},
    {"[\"object\"]", "[]"},
    {"\"lib._x\"", "\"*\""},
    {"\"lib._x\"", "\"lib\""},
    {"[\"Y\", \"X\"]", "[\"a.b\"]"},
    {"[\"Y\", \"X\"]", "[\"\"]"},
    {"\"class\": \"X\"", "\"class\": \"\""},
    {"\"module\": \"lib\", \"class\"", "\"class\""},
    {"\"class\": \"X\"", "\"class\": \"X\", \"class\": \"Y\""},
    {"\"fields\": [", "\"fields\": [[[[[[[[[[]]]]]]]]], "},
    {"\"lib\", \"version\"", "\"l\xff\", \"version\""},
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_good_manifest_says_what_it_says) {
  const Manifest manifest = read_manifest(good, "x");
  BOOST_TEST(manifest.id == "lib");
  BOOST_TEST(manifest.library[0].file == "libx.so");
  const LoaderLayout layout = manifest.layouts().at(0);
  BOOST_TEST(layout.selector == "type");
  BOOST_TEST(layout.fields.at(2).required == false);
  BOOST_TEST((layout.fields[2].step == PathStep::state));
  BOOST_TEST((manifest.declares("lib._x", "Y", "object") == Trust::by_default));
  BOOST_TEST(!manifest.declares("lib._x", "Y", "type"));
  BOOST_TEST(manifest.declares("lib", "X", "").has_value());
  BOOST_TEST(!manifest.declares("lib", "_x.X", "object"));
  BOOST_TEST(manifest.serializers.at(0).cls == "X");
}

BOOST_AUTO_TEST_CASE(recipes_say_how_objects_are_made) {
  const Manifest manifest = read_manifest(good, "x");
  const Recipe& hook = manifest.loaders.at(0).recipe.value();
  BOOST_TEST((hook.make == Make::hook));
  BOOST_TEST(hook.of.at(1) == "lib._y.Y");
  const Recipe& reduce = manifest.loaders.at(1).recipe.value();
  BOOST_TEST(manifest.checks.at(0) == "lib.Y");
  BOOST_TEST((reduce.make == Make::reduce));
  BOOST_TEST(reduce.args == 1u);
  BOOST_TEST(reduce.state == 0u);
  BOOST_TEST(manifest.contents_checked("lib._x", "Y", "object"));
  BOOST_TEST(!manifest.contents_checked("lib._x", "Y", "type"));
  BOOST_TEST(!manifest.contents_checked("lib._x", "Z", "object"));
  BOOST_TEST(!manifest.contents_checked("elsewhere", "Y", "object"));
}

struct Kinds {
  const char *make, *fields;
  bool fits;
};
std::ostream& operator<<(std::ostream& out, const Kinds& kinds) {
  return out << kinds.make << " of " << kinds.fields;
}

const std::vector<Kinds> kinds = {
    {"json", "text", true},
    {"json", "json", false},
    {"dict", "node map", true},
    {"dict", "map node", false},
    {"defaultdict", "node", false},
    {"list", "nodes", true},
    {"set", "node", false},
    {"tuple", "nodes nodes", false},
    {"bytes", "member", true},
    {"bytearray", "text", false},
    {"slice", "json", true},
    {"name", "", true},
    {"name", "name", false},
    {"name", "name name", true},
    {"method", "node name", true},
    {"method", "name node", false},
    {"partial", "node node node", false},
    {"partial", "node node node node", true},
    {"operator", "node", true},
    {"operator", "node node", true},
    {"operator", "", false},
    {"object", "", true},
    {"object", "node", true},
    {"object", "nodes", false},
    {"call", "node", true},
    {"call", "", false},
    {"array", "member", true},
    {"object_array", "nodes node", true},
    {"object_array", "nodes", false},
    {"hook", "node member json", true},
};

BOOST_DATA_TEST_CASE(a_recipe_needs_its_fields, data::make(kinds), row) {
  std::string fields, word;
  std::istringstream in(row.fields);
  while (in >> word) {
    fields += (fields.empty() ? "" : ", ") + std::string("{\"name\": \"f") +
              std::to_string(fields.size()) + "\", \"kind\": \"" + word + "\"}";
  }
  const std::string loader =
      R"({"loader": "ANode", "protocols": [0, 3], "use": "value", "fields": [)" + fields +
      R"(], "recipe": {"make": ")" + row.make + "\"}},";
  BOOST_TEST((code(replaced("\"loaders\": [", "\"loaders\": [" + loader)) == "") == row.fits);
}

BOOST_DATA_TEST_CASE(hostile_manifests_are_refused, data::make(hostile), change) {
  BOOST_TEST(code(replaced(change.from, change.to)) == "manifest.malformed");
}

BOOST_AUTO_TEST_CASE(two_layouts_for_one_loader_are_refused) {
  const std::string loader =
      R"({"loader": "A", "protocols": [0, 3], "use": "value", "fields": []})";
  BOOST_TEST(code(replaced("\"loaders\": [", "\"loaders\": [" + loader + ",")) == "");
  BOOST_TEST(code(replaced("\"loaders\": [", "\"loaders\": [" + loader + "," + loader + ",")) ==
             "manifest.malformed");
}

BOOST_AUTO_TEST_CASE(other_versions_and_sizes_are_refused) {
  BOOST_TEST(code(replaced("\"manifest_version\": 1", "\"manifest_version\": 2")) ==
             "manifest.version");
  BOOST_TEST(code(replaced("\"manifest_version\": 1,", "")) == "manifest.malformed");
  BOOST_TEST(code("") == "manifest.malformed");
  BOOST_TEST(code("[]") == "manifest.malformed");
  BOOST_TEST(code(good + "x") == "manifest.malformed");
  BOOST_TEST(code(good + std::string(64 << 10, ' ')) == "");
  BOOST_TEST(code(good + std::string(256 << 10, ' ')) == "manifest.malformed");
  BOOST_TEST(code(without_recipes()) == "");
  BOOST_TEST(code(without_recipes() + std::string(64 << 10, ' ')) == "manifest.malformed");
}

// 18 KB can spell two million names, every one in every module.
BOOST_AUTO_TEST_CASE(names_are_counted_as_they_are_spelled) {
  // `n` names of `length` bytes: aaaa0, aaaa1, …
  const auto list = [](std::size_t n, std::size_t length) {
    std::string out;
    for (std::size_t k = 0; k < n; ++k) {
      std::string name = std::to_string(k);
      name.insert(0, length - name.size(), 'a');
      out += (k == 0 ? "\"" : ",\"") + name + '"';
    }
    return out;
  };
  const auto group = [&](std::size_t modules, std::size_t names, std::size_t length) {
    return R"({"trust": "opt-in", "uses": ["object"], "modules": [)" + list(modules, length) +
           R"(], "names": [)" + list(names, length) + "]}";
  };
  const auto with = [&](const std::string& groups) {
    return code(replaced("\"types\": [", "\"types\": [" + groups + ','));
  };
  BOOST_TEST(with(group(300, 300, 5)) == "");
  BOOST_TEST(with(group(316, 317, 5)) == "limit.manifest_names");
  BOOST_TEST(with(group(1500, 1500, 5)) == "limit.manifest_names");
  // Several groups add up.
  BOOST_TEST(with(group(300, 300, 5) + ',' + group(300, 30, 6)) == "");
  BOOST_TEST(with(group(300, 300, 5) + ',' + group(300, 40, 6)) == "limit.manifest_names");
  // Fewer names that are longer.
  BOOST_TEST(with(group(100, 100, 400)) == "");
  BOOST_TEST(with(group(130, 130, 400)) == "limit.manifest_names");
}
