// What becomes of a schema: a table of schemas and what is to be written, each of which must also
// be read by our own reader and be written again as it is.
#include "writer/schema_writer.hpp"

#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <map>

#include "skops/error.hpp"
#include "unit/archive/archive_builder.hpp"
#include "unit/writer/manifest_loaders.hpp"

using namespace skops;
namespace json = boost::json;
using skops_test::loaders;

namespace {

// Members named by their content: "1.npy" and "2.npy" are equal.
const std::vector<std::pair<std::string, std::string>> members = {
    {"1.npy", "array"}, {"2.npy", "array"}, {"3.npy", "other"}, {"4.bin", "array"}};

std::string write(const std::string& schema, const Limits& limits = {},
                  const std::vector<std::pair<std::string, std::string>>& contents = members) {
  Budget budget(limits);
  const Graph graph = Graph::build(schema, budget, loaders());
  const std::string bytes = skops_test::plain_archive(contents);
  const auto archive =
      Archive::from_memory(std::as_bytes(std::span(bytes.data(), bytes.size())), budget, "");
  ArchiveMembers source(*archive, budget);
  MemberNames names(source);
  return SchemaWriter(graph, limits, names).run();
}

// The shorthand of the table: N("loader", "class", "fields", id).
std::string N(const std::string& loader, const std::string& name, const std::string& fields = "",
              int id = 0, const std::string& module = "builtins") {
  std::string out = "{";
  if (id != 0) out += "\"__id__\":" + std::to_string(id) + ",";
  out += "\"__class__\":\"" + name + "\",\"__module__\":\"" + module + "\",\"__loader__\":\"" +
         loader + "\"";
  return out + (fields.empty() ? "" : "," + fields) + "}";
}
std::string J(const std::string& text, int id = 0) {
  return N("JsonNode", "str", "\"content\":" + json::serialize(json::value(text)) +
                                  ",\"is_json\":true", id);
}
std::string L(const std::string& items, int id = 0, const std::string& loader = "List") {
  std::string cls = loader;
  cls[0] = static_cast<char>(cls[0] + 32);
  return N(loader + "Node", cls, "\"content\":[" + items + "]", id);
}
std::string T(const std::string& items, int id = 0) { return L(items, id, "Tuple"); }
std::string Type(const std::string& name, int id = 0) { return N("TypeNode", name, "", id); }
std::string D(const std::string& entries, const std::string& key_types, int id = 0,
              const std::string& cls = "dict") {
  return N("DictNode", cls, "\"content\":{" + entries + "},\"key_types\":" + key_types, id,
           cls == "dict" ? "builtins" : "collections");
}
std::string A(const std::string& member, int id = 0) {
  return N("NdArrayNode", "ndarray", "\"type\":\"numpy\",\"file\":\"" + member + "\"", id, "numpy");
}
std::string O(const std::string& content, int id = 0) {
  return N("ObjectNode", "Thing", "\"content\":" + content, id, "test");
}
std::string R(int id) { return "{\"__id__\":" + std::to_string(id) + "}"; }
std::string root(std::string node) {
  return node.insert(1, "\"protocol\":2,\"_skops_version\":\"0.16.0\",");
}

struct Case {
  const char* name;
  std::string in, out;  // without the root's own keys
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

// Their contents' checksums and sizes.
const std::string array1 = "a10ceeb7-5.npy", other = "d9583520-5.npy";

// All in tuples, so that the lists and dicts in question are items.
const std::vector<Case> cases = {
    {"ids-from-one", T(J("1", 40) + "," + J("2", 7), 99), T(J("1", 2) + "," + J("2", 3), 1)},
    {"nodes-without-ids-get-them", T(J("1") + "," + J("2")), T(J("1", 2) + "," + J("2", 3), 1)},
    {"equal-values-once", T(J("1", 5) + "," + J("1", 6) + "," + J("\"1\"", 7) + "," + J("1.0", 8), 4),
     T(J("1", 2) + "," + R(2) + "," + J("\"1\"", 3) + "," + J("1.0", 4), 1)},
    {"equal-types-once",
     T(Type("int", 5) + "," + Type("int", 6) + "," + Type("float", 7) + "," +
           N("FunctionNode", "int", "", 8) + "," + N("TypeNode", "int", "", 9, "numpy"), 4),
     T(Type("int", 2) + "," + R(2) + "," + Type("float", 3) + "," + N("FunctionNode", "int", "", 4) +
           "," + N("TypeNode", "int", "", 5, "numpy"), 1)},
    {"lists-become-text", T(L(J("1") + "," + J("[2]") + "," + J("\"a\\\"b\\u00e9\"")) + "," + L("")),
     T(J("[1,[2],\"a\\\"b\\u00e9\"]", 2) + "," + J("[]", 3), 1)},
    {"dicts-become-text",
     T(D("\"a\\\"\\n\":" + J("1") + ",\"b\":" + L(D("", L(""))), L(Type("str") + "," + Type("str")))),
     T(J("{\"a\\\"\\u000a\":1,\"b\":[{}]}", 2), 1)},
    {"equal-lists-stay-two", T(L(J("1")) + "," + L(J("1"))), T(J("[1]", 2) + "," + J("[1]", 3), 1)},
    {"shared-lists-stay-one", T(L(J("1", 7), 5) + "," + R(5)), T(L(J("1", 3), 2) + "," + R(2), 1)},
    {"shared-text-of-a-list-stays-one", T(J("[1]", 5) + "," + R(5) + "," + L(R(5))),
     T(J("[1]", 2) + "," + R(2) + "," + L(R(2), 3), 1)},
    {"equal-text-of-lists-stays-two", T(J("[1]", 5) + "," + J("[1]", 6)),
     T(J("[1]", 2) + "," + J("[1]", 3), 1)},
    {"values-of-plain-lists-are-written-where-needed",
     T(L(J("1", 5)) + "," + R(5) + "," + R(5)), T(J("[1]", 2) + "," + J("1", 3) + "," + R(3), 1)},
    {"values-older-than-their-list", T(J("1", 5) + "," + L(R(5))), T(J("1", 2) + "," + J("[1]", 3), 1)},
    {"tuples-stay", T(T(J("1")) + "," + T(J("1"))),
     T(T(J("1", 3), 2) + "," + T(R(3), 4), 1)},
    {"lists-with-others-stay", T(L(T("")) + "," + L(J("1") + "," + L(J("1")) + "," + A("1.npy"))),
     T(L(T("", 3), 2) + "," + L(J("1", 5) + "," + J("[1]", 6) + "," + A(array1, 7), 4), 1)},
    {"subclasses-stay", T(D("\"a\":" + J("1"), L(Type("str")), 0, "OrderedDict") + "," +
                          N("ListNode", "MyList", "\"content\":[]", 0, "test")),
     T(D("\"a\":" + J("1", 5), L(Type("str", 4), 3), 2, "OrderedDict") + "," +
           N("ListNode", "MyList", "\"content\":[]", 6, "test"), 1)},
    {"odd-lists-of-key-types-stay",
     T(D("\"1\":" + J("1"), N("ListNode", "system", "\"content\":[" + Type("str") + "]", 0, "os"))),
     T(D("\"1\":" + J("1", 5),
         N("ListNode", "system", "\"content\":[" + Type("str", 4) + "]", 3, "os"), 2), 1)},
    {"keys-that-are-no-text-stay", T(D("\"1\":" + J("1"), L(Type("int")))),
     T(D("\"1\":" + J("1", 5), L(Type("int", 4), 3), 2), 1)},
    {"key-lists-once",
     T(D("\"1\":" + A("1.npy"), L(Type("int"))) + "," + D("\"2\":" + A("3.npy"), L(Type("int"))) +
       "," + D("\"2\":" + A("3.npy"), L(Type("float")))),
     T(D("\"1\":" + A(array1, 5), L(Type("int", 4), 3), 2) + "," +
           D("\"2\":" + A(other, 7), R(3), 6) + "," +
           D("\"2\":" + A(other, 11), L(Type("float", 10), 9), 8), 1)},
    {"a-key-list-that-is-used-elsewhere-stays",
     T(D("\"1\":" + A("1.npy"), L(Type("int"), 9)) + "," + R(9) + "," +
       D("\"1\":" + A("1.npy"), L(Type("int")))),
     T(D("\"1\":" + A(array1, 5), L(Type("int", 4), 3), 2) + "," + R(3) + "," +
           D("\"1\":" + A(array1, 8), L(R(4), 7), 6), 1)},
    {"types-of-plain-dicts-are-written-where-needed",
     T(D("\"1\":" + J("1"), L(Type("str", 9))) + "," + R(9)), T(J("{\"1\":1}", 2) + "," + Type("str", 3), 1)},
    // A value older than the key types in the JSON, and younger in the visiting order.
    {"visiting-order-of-dicts",
     T(D("\"1\":" + Type("int", 9), L("{\"__id__\":8,\"__class__\":\"int\",\"__module__\":"
                                      "\"builtins\",\"__loader__\":\"TypeNode\"}"))),
     T(D("\"1\":" + R(4), L(Type("int", 4), 3), 2), 1)},
    {"state-stays-a-dict", O(D("\"a\":" + L(J("1")), L(Type("str")))),
     O(D("\"a\":" + J("[1]", 5), L(Type("str", 4), 3), 2), 1)},
    {"root-stays", L(J("1") + "," + L("")), L(J("1", 2) + "," + J("[]", 3), 1)},
    {"equal-members-once", T(A("1.npy") + "," + A("2.npy") + "," + A("3.npy") + "," +
                             N("BytesNode", "bytes", "\"file\":\"4.bin\"")),
     T(A(array1, 2) + "," + A(array1, 3) + "," + A(other, 4) + "," +
           N("BytesNode", "bytes", "\"file\":\"a10ceeb7-5.bin\"", 5), 1)},
    {"full-copies-become-references", T(A("1.npy", 7) + "," + A("2.npy", 7)),
     T(A(array1, 2) + "," + R(2), 1)},
    {"old-references", T(J("[]", 7) + "," + N("CachedNode", "str", "", 7)), T(J("[]", 2) + "," + R(2), 1)},
    {"text-that-is-no-json-stays", T(L(J("1, 2")) + "," + L(J("[")) + "," + L(J("{\"a\": 1, \"a\": 2}"))),
     T(L(J("1, 2", 3), 2) + "," + L(J("[", 5), 4) + "," + L(J("{\"a\": 1, \"a\": 2}", 7), 6), 1)},
    {"python-numbers", T(L(J("NaN") + "," + J("-Infinity")) + "," + L(J("1e400"))),
     T(J("[NaN,-Infinity]", 2) + "," + L(J("1e400", 4), 3), 1)},
    {"a-dict-with-an-id-key", T(D("\"__id__\":" + A("1.npy"), L(Type("str")))),
     T(D("\"__id__\":" + A(array1, 5), L(Type("str", 4), 3), 2), 1)},
    {"plain-json-fields",
     T(N("SliceNode", "slice", "\"content\":{\"start\":1,\"stop\":null,\"step\":2.0,\"x\":[true,"
                               "123456789012345678901,1e+300,0.1]}")),
     T(N("SliceNode", "slice", "\"content\":{\"start\":1,\"stop\":null,\"step\":2.0,\"x\":[true,"
                               "123456789012345678901,1e+300,0.1]}", 2), 1)},
};

std::string generator(const std::string& bit_generator, int id = 0) {
  return N("RandomGeneratorNode", "Generator",
           "\"content\":{\"bit_generator\":" + bit_generator + ",\"seed_seq\":" + J("{}", id ? id + 20 : 0) + "}",
           id, "numpy.random._generator");
}

std::string code_of(const std::string& schema, const Limits& limits = {}) {
  try {
    write(schema, limits);
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}

}  // namespace

BOOST_DATA_TEST_CASE(writes, boost::unit_test::data::make(cases), c) {
  const std::string written = write(root(c.in));
  std::string expected = c.out;
  expected.insert(expected.find(',') + 1, "\"protocol\":2,\"_skops_version\":\"0.16.0\",");
  BOOST_TEST(written == expected + "\n");
  Budget budget{Limits{}};
  BOOST_CHECK_NO_THROW(Graph::build(written, budget, loaders()));
  // Written again, with the members under their new names.
  const std::vector<std::pair<std::string, std::string>> renamed = {
      {array1, "array"}, {other, "other"}, {"a10ceeb7-5.bin", "array"}};
  BOOST_TEST(write(written, {}, renamed) == written);
}

// Released skops reads the bit generator's name from the JSON itself: no reference may stand there,
// neither for the dict nor for its name.
BOOST_AUTO_TEST_CASE(names_read_in_place_stay_in_place) {
  const auto state = [](int id) {
    return D("\"bit_generator\":" + J("\"PCG64\"", id ? id + 1 : 0), L(Type("str")), id);
  };
  const std::string in =
      T(J("\"PCG64\"") + "," + generator(state(50)) + "," + generator(state(50)) + "," + generator(R(50)));
  const std::string written = write(root(in));
  const json::value out = json::parse(written);
  for (int k = 1; k <= 3; ++k) {
    const auto& content = out.at("content").at(static_cast<std::size_t>(k)).at("content");
    BOOST_TEST(content.at("bit_generator").at("content").at("bit_generator").at("content") ==
               "\"PCG64\"");
    BOOST_TEST((content.at("bit_generator").at("__id__") ==
                out.at("content").at(1).at("content").at("bit_generator").at("__id__")));
  }
  BOOST_TEST(write(written) == written);  // which our own reader has taken
}

BOOST_AUTO_TEST_CASE(refuses) {
  BOOST_TEST(code_of(root(T(N("NoNode", "x")))) == "save.unknown-loader");
  BOOST_TEST(code_of(root(T(A("5.npy")))) == "archive.no-member");
  BOOST_TEST(code_of(root(T(A("1.npy", 7) + "," + A("3.npy", 7)))) == "graph.id-conflict");
  BOOST_TEST(code_of(root(T(N("SliceNode", "slice", "\"content\":{\"x\":{\"__id__\":1}}")))) ==
             "save.unread-node");
  BOOST_TEST(code_of(root(T(N("TypeNode", "int", "\"extra\":" + J("1", 3))))) == "save.unread-node");
  Limits limits;
  limits.schema_bytes = 1000;
  std::string many;
  for (int k = 0; k < 100; ++k) many += (k ? "," : "") + A("1.npy");
  BOOST_TEST(code_of(root(T(many)), limits) == "limit.schema_bytes");
}

// Copies inside of copies: each level doubles what is written, up to the limit of a schema.
BOOST_AUTO_TEST_CASE(copies_do_not_explode) {
  std::string items = D("\"bit_generator\":" + J("\"PCG64\""), L(Type("str")), 100);
  for (int level = 1; level <= 40; ++level) {
    const std::string before = R(100 + level - 1);
    items += "," + D("\"bit_generator\":" + J("\"PCG64\"") + ",\"a\":" + generator(before) +
                         ",\"b\":" + generator(before),
                     L(Type("str") + "," + Type("str") + "," + Type("str")), 100 + level);
  }
  Limits limits;
  limits.schema_bytes = 4 << 20;
  const std::string code = code_of(root(T(items)), limits);
  BOOST_TEST((code == "limit.schema_bytes" || code == "limit.json_depth"), code);
}

// Members that differ although checksum and size agree get numbers, in the order of the schema.
BOOST_AUTO_TEST_CASE(members_that_only_look_equal) {
  // The polynomial of CRC-32, bits reversed: adding it anywhere leaves the checksum as it was.
  constexpr unsigned char pattern[] = {0x41, 0x06, 0x71, 0xdb, 0x01};
  std::vector<std::pair<std::string, std::string>> contents;
  std::string items;
  for (std::size_t k = 0; k < 40; ++k) {
    std::string text(64, '\0');
    for (std::size_t i = 0; k > 0 && i < 5; ++i) text[k + i] = static_cast<char>(pattern[i]);
    for (const int copy : {0, 1}) {
      contents.emplace_back(std::to_string(k) + "-" + std::to_string(copy) + ".npy", text);
      items += (items.empty() ? "" : ",") + A(contents.back().first);
    }
  }
  const json::value out = json::parse(write(root(T(items)), {}, contents));
  std::map<std::string, std::string> by_name;
  std::size_t shared = 0;
  for (std::size_t k = 0; k < contents.size(); ++k) {
    const std::string name(out.at("content").at(k).at("file").as_string());
    const auto [at, added] = by_name.emplace(name, contents[k].second);
    shared += !added;
    BOOST_TEST((at->second == contents[k].second));
  }
  BOOST_TEST(by_name.contains("758d6336-40.npy"));
  BOOST_TEST(by_name.contains("758d6336-40-1.npy"));
  BOOST_TEST(shared == 16u);  // so many are compared; the rest is nobody's honest file
}

BOOST_AUTO_TEST_CASE(time_is_linear) {
  std::string items;
  for (int k = 0; k < 200000; ++k) {
    items += (k ? "," : "") + T(J(std::to_string(k)));
  }
  const std::string schema = root(T(items));
  const auto start = std::chrono::steady_clock::now();
  write(schema);
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
  BOOST_TEST(passed.count() < 10.0);
}
