// Objects saved through the ABI: what is written, and what a serializer may not do.
#include "writer/saving.hpp"

#include <boost/test/unit_test.hpp>

#include "archive/archive.hpp"
#include "graph/graph.hpp"
#include "unit/writer/manifest_loaders.hpp"
#include "writer/abi_writer.hpp"

using namespace skops;
using namespace skops_test;

namespace {

std::string schema_of(const Maker& maker, const Limits& limits = {}) {
  MemoryOutput out;
  save(maker, loaders(), out, {}, limits);
  const std::vector<std::byte> bytes = out.take();
  Budget budget{Limits{}};
  const auto archive = Archive::from_memory(bytes, budget, "saved");
  const auto schema = archive->bytes(archive->find("schema.json").value(), budget);
  const std::string written(reinterpret_cast<const char*>(schema.data()), schema.size());
  Graph::build(written, budget, loaders());
  return written;
}

std::string code_of(const Maker& maker, const Limits& limits = {}) {
  try {
    schema_of(maker, limits);
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(writes_what_is_described) {
  const Maker maker = [](Nodes& n) {
    return n.object("test", "Thing", {{"a", n.plain("1")},
                                      {"b", n.sequence("ListNode", "list", {n.plain("1"), n.plain("\"x\"")})},
                                      {"c", n.dict({})}});
  };
  BOOST_TEST(schema_of(maker) ==
             R"({"__id__":1,"protocol":2,"_skops_version":"0.16.0","__class__":"Thing",)"
             R"("__module__":"test","__loader__":"ObjectNode","content":{"__id__":2,)"
             R"("__class__":"dict","__module__":"builtins","__loader__":"DictNode","key_types":)"
             R"({"__id__":3,"__class__":"list","__module__":"builtins","__loader__":"ListNode",)"
             R"("content":[{"__id__":4,"__class__":"str","__module__":"builtins","__loader__":)"
             R"("TypeNode"},{"__id__":4},{"__id__":4}]},"content":{"a":{"__id__":5,"__class__":)"
             R"("str","__module__":"builtins","__loader__":"JsonNode","content":"1","is_json":true},)"
             R"("b":{"__id__":6,"__class__":"str","__module__":"builtins","__loader__":"JsonNode",)"
             R"("content":"[1,\"x\"]","is_json":true},"c":{"__id__":7,"__class__":"str",)"
             R"("__module__":"builtins","__loader__":"JsonNode","content":"{}","is_json":true}}}})"
             "\n");
  BOOST_TEST(schema_of(maker) == schema_of(maker));
}

// The child of two parents is one node, wherever a reader meets it first.
BOOST_AUTO_TEST_CASE(shared_nodes_stay_one) {
  const Maker maker = [](Nodes& n) {
    const skops_node shared = n.sequence("ListNode", "list", {});
    const skops_node late = n.node("PartialNode", "functools", "partial");
    for (const char* field : {"content.namespace", "content.kwds", "content.args", "content.func"}) {
      Nodes::check(n.w.set_node(n.c, late, text(field), shared));
    }
    return n.sequence("TupleNode", "tuple", {late, shared});
  };
  const std::string schema = schema_of(maker);
  BOOST_TEST(schema.find(R"("content":{"func":{"__id__":3,)") != std::string::npos, schema);
  BOOST_TEST(schema.ends_with("\"kwds\":{\"__id__\":3},\"namespace\":{\"__id__\":3}}},{\"__id__\":3}]}\n"),
             schema);
}

BOOST_AUTO_TEST_CASE(equal_members_are_stored_once) {
  MemoryOutput out;
  const Maker maker = [](Nodes& n) {
    return n.sequence("TupleNode", "tuple", {n.vector({1, 2}), n.vector({1, 2}), n.vector({3})});
  };
  save(maker, loaders(), out);
  const auto bytes = out.take();
  Budget budget{Limits{}};
  BOOST_TEST(Archive::from_memory(bytes, budget, "")->size() == 3u);
}

BOOST_AUTO_TEST_CASE(objects_are_saved_once) {
  int runs = 0;
  const Maker inner = [&](Nodes& n) {
    ++runs;
    return n.object("test", "Inner", {});
  };
  const skops_object object = object_of(inner);
  const Maker outer = [&](Nodes& n) {
    std::vector<skops_node> items(3);
    for (skops_node& item : items) Nodes::check(n.w.object(n.c, &object, &item));
    return n.sequence("ListNode", "list", items);
  };
  BOOST_TEST(schema_of(outer).ends_with("},{\"__id__\":2},{\"__id__\":2}]}\n"));
  BOOST_TEST(runs == 1);
}

BOOST_AUTO_TEST_CASE(cycles_and_depth_are_refused) {
  Maker self;
  const skops_object object = object_of(self);
  self = [&](Nodes& n) {
    skops_node node = 0;
    Nodes::check(n.w.object(n.c, &object, &node));
    return node;
  };
  BOOST_TEST(code_of(self) == "save.cycle");
  // A node that holds itself.
  BOOST_TEST(code_of([](Nodes& n) {
               const skops_node list = n.node("ListNode", "builtins", "list");
               Nodes::check(n.w.append_node(n.c, list, text("content"), list));
               return list;
             }) == "graph.cycle");
  std::vector<Maker> chain(200);
  std::vector<skops_object> objects(200);
  for (std::size_t k = 0; k < chain.size(); ++k) {
    objects[k] = object_of(chain[k]);
    chain[k] = [&, k](Nodes& n) {
      skops_node node = n.plain("1");
      if (k > 0) Nodes::check(n.w.object(n.c, &objects[k - 1], &node));
      return n.sequence("ListNode", "list", {node});
    };
  }
  BOOST_TEST(code_of(chain.back()) == "limit.nesting");
  BOOST_TEST(code_of([](Nodes& n) {
               skops_node node = n.vector({1});
               for (int k = 0; k < 20000; ++k) node = n.sequence("ListNode", "list", {node});
               return node;
             }) == "limit.json_depth");
}

BOOST_AUTO_TEST_CASE(mistakes_are_the_plugins) {
  const auto with = [](auto&& body) {
    return code_of([body](Nodes& n) {
      const skops_node node = n.node("SliceNode", "builtins", "slice");
      Nodes::check(n.w.set_json(n.c, node, text("content"), text("{}")));
      Nodes::check(body(n, node));
      return node;
    });
  };
  const auto set = [&](const char* field, const char* json) {
    return with([=](Nodes& n, skops_node node) { return n.w.set_json(n.c, node, text(field), text(json)); });
  };
  BOOST_TEST(set("more", "1") == "");
  BOOST_TEST(set("content", "1") == "plugin.field");
  BOOST_TEST(set("content.start", "1") == "plugin.field");
  BOOST_TEST(set("more", "1,\"x\":2") == "plugin.field");
  BOOST_TEST(set("more", "") == "plugin.field");
  BOOST_TEST(set("more", "NaN") == "plugin.field");
  BOOST_TEST(set("", "1") == "plugin.field");
  BOOST_TEST(set("a..b", "1") == "plugin.field");
  for (const char* name : {"__id__", "__class__", "__loader__", "__module__"}) {
    BOOST_TEST(set(name, "1") == "plugin.field");
  }
  BOOST_TEST(with([](Nodes& n, skops_node node) {
               return n.w.set_node(n.c, node, text("a"), node + 1);
             }) == "plugin.handle");
  BOOST_TEST(with([](Nodes& n, skops_node) { return n.w.set_node(n.c, 0, text("a"), 1); }) ==
             "plugin.handle");
  BOOST_TEST(with([](Nodes& n, skops_node) {
               return n.w.plain(n.c, text("1"), nullptr);
             }) == "plugin.null");
  BOOST_TEST(with([](Nodes& n, skops_node) {
               skops_node made = 0;
               return n.w.plain(n.c, text("1 2"), &made);
             }) == "plugin.field");
  for (const char* suffix : {"", "npy", ".", "./..", ".NPY", ".toolongone"}) {
    BOOST_TEST(with([=](Nodes& n, skops_node node) {
                 return n.w.set_member(n.c, node, text("file"), text(suffix), {nullptr, 0});
               }) == "plugin.field");
  }
  BOOST_TEST(with([](Nodes& n, skops_node node) {
               return n.w.set_member(n.c, node, text("file"), text(".npy"), {nullptr, 5});
             }) == "plugin.null");
  BOOST_TEST(with([](Nodes&, skops_node) { return skops_status{5}; }) == "plugin.silent");
  BOOST_TEST(with([](Nodes& n, skops_node) {
               return n.w.fail(n.c, SKOPS_UNSUPPORTED, text("model.unsupported"), text("no"), text(""));
             }) == "model.unsupported");
  const skops_object_type other = made_type;
  const skops_object stranger{sizeof(skops_object), &other, nullptr};
  BOOST_TEST(with([&](Nodes& n, skops_node) {
               skops_node made = 0;
               return n.w.object(n.c, &stranger, &made);
             }) == "save.no-serializer");
  BOOST_TEST(code_of([](Nodes&) { return skops_node{0}; }) == "plugin.handle");
}

// What a draft says is read as strictly as a stranger's file.
BOOST_AUTO_TEST_CASE(drafts_that_are_no_schema_are_refused) {
  BOOST_TEST(code_of([](Nodes& n) { return n.node("NoNode", "a", "b"); }) == "save.unknown-loader");
  BOOST_TEST(code_of([](Nodes& n) { return n.node("ListNode", "builtins", "list"); }) ==
             "graph.missing-field");
  BOOST_TEST(code_of([](Nodes& n) { return n.node("TypeNode", "os\nos", "x"); }) == "graph.name");
  BOOST_TEST(code_of([](Nodes& n) {
               return n.dict({{"a", n.plain("1")}, {"a", n.plain("2")}});
             }) == "json.duplicate-key");
  Limits limits;
  limits.nodes = 10;
  BOOST_TEST(code_of([](Nodes& n) {
               std::vector<skops_node> items;
               for (int k = 0; k < 20; ++k) items.push_back(n.plain(std::to_string(k)));
               return n.sequence("ListNode", "list", items);
             }, limits) == "limit.nodes");
}
