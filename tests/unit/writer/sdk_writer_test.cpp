// Saving as a plugin in C++ writes it: the sdk's Writer and ObjectWriter against the core's side.
#include <boost/test/unit_test.hpp>
#include <functional>

#include "archive/archive.hpp"
#include "skops/sdk/serializer.hpp"
#include "skops/sdk/writer.hpp"
#include "unit/writer/manifest_loaders.hpp"
#include "writer/saving.hpp"

using namespace skops::sdk;
using skops_test::loaders;

namespace {

using Body = std::function<skops_node(const Writer&)>;
// Of the test's one serializer; a smaller `size` of the host's table is an older host's.
std::uint64_t host_size = sizeof(skops_writer);

const skops_object_type made_type = {
    sizeof(skops_object_type), {"Made", 4}, nullptr, nullptr, nullptr, nullptr, nullptr};

skops_status save_made(const skops_writer* writer, skops_context* context,
                       const skops_object* object, skops_node* node) {
  skops_writer older = *writer;
  older.size = host_size;
  const auto fail = [&](skops_status family, skops_string code, skops_string text,
                        skops_string remedy) {
    return writer->fail(context, family, code, text, remedy);
  };
  return guarded(
      fail, [&] { *node = (*static_cast<const Body*>(object->state))(Writer(&older, context)); });
}

const skops_serializer serializer = {
    sizeof(skops_serializer), {}, {}, {}, 0, 3, nullptr, &save_made};

std::string schema_of(const Body& body) {
  skops::Saving saving(loaders(), skops::Limits{}, [](const skops_object& object) {
    return object.type == &made_type ? &serializer : nullptr;
  });
  skops::MemoryOutput out;
  saving.write({sizeof(skops_object), &made_type, &body}, {}, out);
  const auto bytes = out.take();
  skops::Budget budget{skops::Limits{}};
  const auto archive = skops::Archive::from_memory(bytes, budget, "saved");
  const auto schema = archive->bytes(archive->find("schema.json").value(), budget);
  return {reinterpret_cast<const char*>(schema.data()), schema.size()};
}

std::string code_of(const Body& body) {
  try {
    schema_of(body);
  } catch (const skops::Error& error) {
    return error.code();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_kind_of_value) {
  const std::string schema = schema_of([](const Writer& w) {
    ObjectWriter self(w, "test", "Thing");
    self.put("a_none", w.none());
    self.put("b_bool", true);
    self.put("c_int", std::int64_t{-5});
    self.put("d_real", 0.5);
    self.put("e_text", "a\"b");
    self.put("f_array", std::vector<double>{1, 2});
    self.put("g_scalar", w.scalar(std::int64_t{3}));
    self.put("h_tuple", w.tuple({w.of(1), w.of(std::string("x"))}));
    const Writer::Entry entries[] = {{"1", w.of(2.0), "int"}, {"0.5", w.none(), "float"}};
    self.put("i_dict", w.dict(entries));
    self.put("j_type", w.type("numpy", "float64"));
    self.put("k_function", w.function("numpy", "log1p"));
    self.put("l_empty", w.list({}));
    self.put("m_none", w.dict({}));
    self.put("n_matrix", w.array(std::span<const float>(std::vector<float>{1, 2, 3, 4}), {2, 2}));
    return self.node().node;
  });
  for (
      const char* part :
      {R"("a_none":{"__id__":5,"__class__":"str","__module__":"builtins","__loader__":"JsonNode","content":"null")",
       R"("content":"true")", R"("content":"-5")", R"("content":"0.5")",
       R"("content":"\"a\\\"b\"")",
       R"("__class__":"int64","__module__":"numpy","__loader__":"NdArrayNode")",
       R"("__loader__":"TupleNode")", R"("content":{"1":{)", R"("0.5":{"__id__":)",
       R"("__class__":"float64","__module__":"numpy","__loader__":"TypeNode")",
       R"("__loader__":"FunctionNode")", R"("content":"[]")", R"("content":"{}")"}) {
    BOOST_TEST(contains(schema, part), part << " in " << schema);
  }
}

BOOST_AUTO_TEST_CASE(attributes_that_are_there_already) {
  int asked = 0;
  const std::string schema = schema_of([&](const Writer& w) {
    ObjectWriter self(w, "test", "Thing");
    self.put("a", 1);
    const auto lazy = [&] {
      ++asked;
      return w.of(2);
    };
    self.otherwise("a", 2);
    self.otherwise("a", lazy);
    self.otherwise_json("a", "2");
    BOOST_TEST(self.has("a"));
    BOOST_TEST(!self.has("b"));
    BOOST_TEST(self.json_of("a") == "");  // only what a file gave
    self.otherwise("b", lazy);
    return self.node().node;
  });
  BOOST_TEST(asked == 1);
  BOOST_TEST(
      contains(
          schema,
          R"("a":{"__id__":5,"__class__":"str","__module__":"builtins","__loader__":"JsonNode","content":"1")"),
      schema);
  BOOST_TEST(code_of([](const Writer& w) {
               ObjectWriter self(w, "test", "Thing");
               self.put("a", 1);
               self.put("a", 2);
               return self.node().node;
             }) == "plugin.field");
}

BOOST_AUTO_TEST_CASE(nodes_and_members) {
  const std::string schema = schema_of([](const Writer& w) {
    const Saved out = w.node("MaskedArrayNode", "numpy.ma", "MaskedArray");
    w.set(out, "content.data", w.of(std::vector<double>{1}));
    w.set(out, "content.mask", w.of(std::vector<std::uint8_t>{1}));
    const Saved bytes = w.node("BytesNode", "builtins", "bytes");
    const std::byte two[2] = {};
    w.set_member(bytes, "file", ".bin", two);
    return w.tuple({out, bytes}).node;
  });
  BOOST_TEST(contains(schema, "-2.bin\""), schema);
  BOOST_TEST(contains(schema, R"("content":{"data":{)"), schema);
}

BOOST_AUTO_TEST_CASE(mistakes) {
  BOOST_TEST(code_of([](const Writer& w) {
               return w.array(std::span<const float>(std::vector<float>{1}), {2}).node;
             }) == "plugin.array");
  BOOST_TEST(code_of([](const Writer& w) { return w.json("1,2").node; }) == "plugin.field");
  BOOST_TEST(code_of([](const Writer& w) { return w.of("\xff").node; }) == "plugin.field");
  BOOST_TEST(code_of([](const Writer&) -> skops_node { throw std::runtime_error("bug"); }) ==
             "plugin.exception");
  BOOST_TEST(code_of([](const Writer&) -> skops_node { throw 5; }) == "plugin.exception");
  BOOST_TEST(code_of([](const Writer&) -> skops_node { throw std::bad_alloc(); }) ==
             "limit.memory");
  BOOST_TEST(code_of([](const Writer&) -> skops_node { unsupported("no"); }) ==
             "model.unsupported");
  BOOST_TEST(code_of([](const Writer& w) -> skops_node {
               w.object({sizeof(skops_object), nullptr, nullptr});
               return 0;
             }) == "save.no-serializer");
  // An object that comes from no file.
  BOOST_TEST(code_of([](const Writer& w) {
               static const Body other;
               return ObjectWriter(w, {sizeof(skops_object), &made_type, &other}).node().node;
             }) == "save.no-origin");
  // Attributes of a node that is no object, or whose content is set by hand.
  BOOST_TEST(code_of([](const Writer& w) {
               ObjectWriter self(w, "test", "Thing");
               w.set(self.node(), "content", w.dict({}));
               self.put("a", 1);
               return self.node().node;
             }) == "plugin.field");
  BOOST_TEST(code_of([](const Writer& w) {
               uint32_t has = 0;
               skops_string json{};
               check(w.raw()->find_attribute(w.context(), 17, str("a"), &has, &json));
               return skops_node{0};
             }) == "plugin.handle");
}

// A host of the first version has nothing beyond set_member.
BOOST_AUTO_TEST_CASE(older_hosts) {
  host_size = offsetof(skops_writer, array);
  BOOST_TEST(code_of([](const Writer& w) { return w.of(1).node; }) == "");
  BOOST_TEST(code_of([](const Writer& w) { return w.of(std::vector<double>{1}).node; }) ==
             "model.unsupported");
  BOOST_TEST(code_of([](const Writer& w) { return ObjectWriter(w, "a", "B").node().node; }) ==
             "model.unsupported");
  host_size = sizeof(skops_writer);
}
