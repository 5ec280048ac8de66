// Objects that were loaded, saved by serializers: what they may ask for, and what becomes of all
// else.
#include <boost/test/unit_test.hpp>

#include "unit/model/test_load.hpp"
#include "writer/saving.hpp"

using namespace skops;
using namespace skops_test;

namespace {

// An object with this address as its state.
LoadFunction object(void* state) {
  return
      [state](const skops_host& host, skops_context* context, skops_node node, skops_value* value) {
        static const skops_object_type type = {sizeof type, {"Thing", 5}, nullptr, nullptr,
                                               nullptr,     nullptr,      nullptr};
        // Everything below is loaded too.
        skops_json content = 0;
        host.node_field(context, node, str("content"), &content);
        skops_node child = 0;
        host.json_node(context, content, &child);
        skops_value ignored = 0;
        if (child != 0) host.value_of(context, child, &ignored);
        return host.make_object(context, &type, state, value);
      };
}

std::string schema_of(TestLoad& load) {
  load.graph().build_root();
  Saving saving(load.loaders(), Limits{}, [](const skops_object&) { return nullptr; });
  MemoryOutput out;
  saving.write(load.graph(), {}, out);
  const auto bytes = out.take();
  Budget budget{Limits{}};
  const auto archive = Archive::from_memory(bytes, budget, "saved");
  const auto schema = archive->bytes(archive->find("schema.json").value(), budget);
  return {reinterpret_cast<const char*>(schema.data()), schema.size()};
}

std::string code_of(TestLoad& load) {
  try {
    schema_of(load);
  } catch (const Error& error) {
    BOOST_TEST(error.where().plugin == "saver");
    return error.code() + "@" + error.where().path;
  }
  return "";
}

skops_status origin(const skops_writer& writer, skops_context* context, const skops_object& object,
                    skops_node* node) {
  return writer.origin(context, &object, node);
}

const std::string dict =
    R"({"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", )"
    R"("key_types": {"__class__": "list", "__module__": "builtins", )"
    R"("__loader__": "ListNode", "content": [{"__class__": "str", )"
    R"("__module__": "builtins", "__loader__": "TypeNode"}]}, )"
    R"("content": {"a": )" +
    json_node("[1, 2]") + "}}";

}  // namespace

BOOST_AUTO_TEST_CASE(attributes_are_found_and_added) {
  TestLoad load(object_node("Thing", dict));
  int state = 0;
  load.on("ObjectNode", "Thing", object(&state));
  load.on_save(
      [](const skops_writer& w, skops_context* c, const skops_object& object, skops_node* node) {
        BOOST_TEST(w.origin(c, &object, node) == SKOPS_OK);
        std::uint32_t has = 7;
        skops_string json{};
        BOOST_TEST(w.find_attribute(c, *node, str("a"), &has, &json) == SKOPS_OK);
        BOOST_TEST(has == 1u);
        BOOST_TEST(std::string(json.data, json.size) == "[1, 2]");
        BOOST_TEST(w.find_attribute(c, *node, str("b"), &has, &json) == SKOPS_OK);
        BOOST_TEST(has == 0u);
        BOOST_TEST(json.size == 0u);
        skops_node value = 0;
        w.plain(c, str("5"), &value);
        BOOST_TEST(w.set_attribute(c, *node, str("b"), value) == SKOPS_OK);
        return SKOPS_OK;
      });
  const std::string schema = schema_of(load);
  BOOST_TEST(schema.find(R"("content":{"a":{)") != schema.npos, schema);
  BOOST_TEST(schema.find(R"("b":{)") != schema.npos, schema);
  BOOST_TEST(schema.find(R"("content":"5")") != schema.npos, schema);
}

// One without attributes gets a dict; two objects of one node stay one.
BOOST_AUTO_TEST_CASE(objects_are_saved_once) {
  const std::string thing =
      R"({"__class__": "Thing", "__module__": "test", "__loader__": "ObjectNode", "__id__": 7})";
  TestLoad load(object_node("Other", list_node({thing, R"({"__id__": 7})"})));
  int states[2] = {}, saved = 0;
  load.on("ObjectNode", "Thing", object(&states[0]));
  load.on("ObjectNode", "Other",
          [&](const skops_host& host, skops_context* context, skops_node node, skops_value* value) {
            skops_json content = 0;
            host.node_field(context, node, str("content"), &content);
            skops_node list = 0;
            host.json_node(context, content, &list);
            skops_value items = 0, item = 0;
            BOOST_TEST(host.value_of(context, list, &items) == SKOPS_OK);
            BOOST_TEST(host.value_item(context, items, 1, &item) == SKOPS_OK);
            return object(&states[1])(host, context, node, value);
          });
  load.on_save(
      [&](const skops_writer& w, skops_context* c, const skops_object& object, skops_node* node) {
        const skops_status status = origin(w, c, object, node);
        if (object.state != &states[0]) return status;
        ++saved;
        skops_node value = 0;
        w.plain(c, str("\"new\""), &value);
        return w.set_attribute(c, *node, str("added"), value);
      });
  const std::string schema = schema_of(load);
  BOOST_TEST(saved == 1);
  BOOST_TEST(schema.find(R"("added":{)") != schema.npos, schema);
  BOOST_TEST(schema.find(R"({"__id__":3}])") != schema.npos, schema);
}

BOOST_AUTO_TEST_CASE(mistakes_are_the_plugins) {
  const auto with = [](const SaveFunction& save) {
    TestLoad load(object_node("Other", list_node({object_node("Thing", dict)})));
    int states[2] = {};
    load.on("ObjectNode", "Thing", object(&states[0]));
    load.on("ObjectNode", "Other", object(&states[1]));
    load.on_save(
        [&](const skops_writer& w, skops_context* c, const skops_object& object, skops_node* node) {
          return object.state == &states[0] ? save(w, c, object, node) : origin(w, c, object, node);
        });
    load.graph().build_root();
    load.graph().value_of(2);
    return code_of(load);
  };
  BOOST_TEST(with(&origin) == "");
  BOOST_TEST(with([](const auto& w, auto* c, const auto& object, auto* node) {
               w.origin(c, &object, node);
               return w.origin(c, &object, node);
             }) == "plugin.origin@[0]");
  BOOST_TEST(with([](const auto& w, auto* c, const auto& object, auto* node) {
               w.origin(c, &object, node);
               skops_node value = 0;
               w.plain(c, str("1"), &value);
               return w.set_attribute(c, *node, str("a"), value);
             }) == "plugin.field@[0]");
  BOOST_TEST(with([](const auto& w, auto* c, const auto& object, auto* node) {
               w.origin(c, &object, node);
               return w.set_attribute(c, *node, str("b"), *node + 1000);
             }) == "plugin.handle@[0]");
  BOOST_TEST(with([](const auto& w, auto* c, const auto& object, auto*) {
               return w.origin(c, &object, nullptr);
             }) == "plugin.null@[0]");
  BOOST_TEST(with([](const auto& w, auto* c, const auto&, auto* node) {
               return w.origin(c, nullptr, node);
             }) == "plugin.null@[0]");
  BOOST_TEST(with([](const auto&, auto*, const auto&, auto*) -> skops_status {
               throw std::runtime_error("bug");
             }) == "plugin.exception@[0]");
  BOOST_TEST(with([](const auto&, auto*, const auto&, auto*) -> skops_status { throw 1; }) ==
             "plugin.exception@[0]");
  BOOST_TEST(with([](const auto&, auto*, const auto&, auto*) -> skops_status { return 5; }) ==
             "plugin.silent@[0]");
  BOOST_TEST(with([](const auto&, auto*, const auto&, auto* node) -> skops_status {
               *node = 12345;
               return SKOPS_OK;
             }) == "plugin.handle@[0]");
  // The object asks for itself.
  BOOST_TEST(with([](const auto& w, auto* c, const auto& object, auto* node) {
               return w.object(c, &object, node);
             }) == "save.cycle@[0]");
}

// Serializers that do not save, and objects without a state, leave nodes as they are.
BOOST_AUTO_TEST_CASE(objects_that_nobody_saves) {
  for (const bool saves : {false, true}) {
    TestLoad load(object_node("Thing", dict));
    load.on("ObjectNode", "Thing", object(nullptr));
    if (saves) {
      load.on_save([](const auto&, auto*, const auto&, auto*) -> skops_status { return 5; });
    }
    BOOST_TEST(code_of(load) == "");
  }
}

// A member that many nodes name is copied for each: that is bounded.
BOOST_AUTO_TEST_CASE(copies_of_members_are_charged) {
  std::vector<std::string> items;
  for (int k = 0; k < 100; ++k) {
    items.push_back(
        R"({"__class__": "bytes", "__module__": "builtins", "__loader__": "BytesNode", )"
        R"("file": "a.bin"})");
  }
  TestLoad load(list_node(items), {}, {{"a.bin", std::string(10000, 'x')}});
  load.graph().build_root();
  for (const std::uint64_t most : {1000000u, 999999u}) {
    Limits limits;
    limits.allocated_bytes = most;
    Saving saving(load.loaders(), limits, [](const skops_object&) { return nullptr; });
    MemoryOutput out;
    std::string code;
    try {
      saving.write(load.graph(), {}, out);
    } catch (const Error& error) {
      code = error.code();
    }
    BOOST_TEST(code == (most == 1000000u ? "" : "limit.allocated_bytes"));
  }
}
