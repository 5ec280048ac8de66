// The compact form of lists of nodes: what is written, and that files give the same bytes.
#include "writer/node_text.hpp"

#include <boost/test/unit_test.hpp>

#include "skops/error.hpp"
#include "unit/archive/archive_builder.hpp"
#include "unit/writer/manifest_loaders.hpp"
#include "writer/schema_writer.hpp"

using namespace skops;
using skops_test::loaders;
using Value = NodeList::Value;

namespace {

struct Making {
  NodeTypes types{loaders()};
  NodeList list{types};
  MemberNames members;

  NodeTypes::Number builtin(const char* loader, const char* cls) {
    return types.number(loader, "builtins", cls);
  }
  Value sequence(const char* loader, const char* cls, std::vector<Value> items) {
    return Value::node(list.add(builtin(loader, cls), {list.items(items)}));
  }
  Value dict(std::vector<std::pair<const char*, Value>> items) {
    std::vector<Value> pairs;
    for (const auto& [key, value] : items) pairs.insert(pairs.end(), {Value::string(key), value});
    const auto text = builtin("TypeNode", "str");
    const std::vector<NodeTypes::Number> keys(items.size(), text);
    const auto types_of_keys = list.key_types(builtin("ListNode", "list"), text, keys);
    return Value::node(list.add(builtin("DictNode", "dict"),
                                {Value::node(types_of_keys), list.entries(pairs)}));
  }
  Value array(std::string_view bytes) {
    return Value::node(
        list.add(types.number("NdArrayNode", "numpy", "ndarray", "numpy"),
                 {list.member("head ", std::as_bytes(std::span(bytes.data(), bytes.size())), ".npy")}));
  }
  std::string text(Value root) { return NodeText(list, Limits{}, members).run(root.index); }
};

// What the writer for files makes of a schema; its members are those of the list.
std::string rewritten(const std::string& schema, const MemberNames& members) {
  std::vector<std::pair<std::string, std::string>> contents;
  for (const NamedMember& member : members.members()) {
    std::string bytes(reinterpret_cast<const char*>(member.head.data()), member.head.size());
    bytes.append(reinterpret_cast<const char*>(member.bytes.data()), member.bytes.size());
    contents.emplace_back(member.name, bytes);
  }
  const std::string archive_bytes = skops_test::plain_archive(contents);
  Budget budget{Limits{}};
  const auto archive = Archive::from_memory(
      std::as_bytes(std::span(archive_bytes.data(), archive_bytes.size())), budget, "");
  ArchiveMembers source(*archive, budget);
  MemberNames names(source);
  const Graph graph = Graph::build(schema, budget, loaders());
  return SchemaWriter(graph, budget.limits(), names).run();
}

}  // namespace

BOOST_AUTO_TEST_CASE(plain_data_becomes_text_and_the_rest_nodes) {
  Making m;
  const Value shared = m.sequence("ListNode", "list", {Value::of(std::int64_t{1})});
  const Value root = m.sequence(
      "TupleNode", "tuple",
      {m.dict({{"a", Value::none()}, {"b\n", m.sequence("ListNode", "list", {Value::of(0.5)})}}),
       m.sequence("ListNode", "list", {shared, Value::boolean(true)}), shared,
       Value::boolean(true), Value::string("x\"")});
  const std::string schema = m.text(root);
  BOOST_TEST(schema.find(R"("content":"{\"a\":null,\"b\\u000a\":[0.5]}")") != std::string::npos, schema);
  // The shared list and what holds it stay nodes.
  BOOST_TEST(schema.find(R"("content":"true")") != std::string::npos, schema);
  BOOST_TEST(schema.find(R"("content":"\"x\\\"\"")") != std::string::npos, schema);
  BOOST_TEST(rewritten(schema, m.members) == schema);
}

BOOST_AUTO_TEST_CASE(equal_members_are_one) {
  Making m;
  const Value root = m.sequence("ListNode", "list", {m.array("1"), m.array("1"), m.array("2")});
  const std::string schema = m.text(root);
  BOOST_TEST(m.members.members().size() == 2u);
  BOOST_TEST(rewritten(schema, m.members) == schema);
}

// Grouped fields, optional ones, the name that a reader looks at in place.
BOOST_AUTO_TEST_CASE(every_shape_of_fields_is_what_the_writer_for_files_makes) {
  Making m;
  const Value generator = m.dict({{"bit_generator", Value::string("PCG64")}, {"x", m.array("3")}});
  const Value seed = m.dict({{"entropy", Value::of(std::int64_t{7})}});
  const Value random = Value::node(m.list.add(
      m.types.number("RandomGeneratorNode", "numpy.random._generator", "Generator"), {generator, seed}));
  const Value state = m.dict({{"n", Value::string("PCG64")}, {"r", random}, {"p", m.array("4")}});
  const Value partial = Value::node(m.list.add(
      m.types.number("PartialNode", "functools", "partial"),
      {Value::node(m.list.name(m.types.number("FunctionNode", "numpy", "add"))),
       m.sequence("TupleNode", "tuple", {}), m.dict({}), Value::none()}));
  const Value object = Value::node(m.list.add(m.types.number("ObjectNode", "test", "Thing"), {state}));
  const Value empty = Value::node(m.list.add(m.types.number("ObjectNode", "test", "Thing"), {Value()}));
  const std::string schema =
      m.text(m.sequence("TupleNode", "tuple", {partial, object, empty, object}));
  BOOST_TEST(rewritten(schema, m.members) == schema);
  BOOST_TEST(schema.find(R"("bit_generator":{"__id__":)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(nesting_is_limited) {
  Making m;
  Value value = m.array("1");
  for (int k = 0; k < 2000; ++k) value = m.sequence("TupleNode", "tuple", {value});
  BOOST_CHECK_EXCEPTION(m.text(value), Error,
                        [](const Error& e) { return e.code() == "limit.json_depth"; });
}

BOOST_AUTO_TEST_CASE(unknown_loaders_are_refused) {
  NodeTypes types(loaders());
  BOOST_CHECK_EXCEPTION(types.number("NobodysNode", "a", "B"), Error, [](const Error& e) {
    return e.family() == Family::unsupported && e.code() == "save.unknown-loader";
  });
}
