// The contract of the host's functions: forged handles, wrong kinds, null pointers and lies about
// memory are errors of the plugin, never undefined behaviour.
#include <boost/test/unit_test.hpp>
#include <cstring>

#include "skops/error.hpp"
#include "unit/model/test_load.hpp"

using namespace skops;
using namespace skops_test;

namespace {

// A load that stands still inside a serializer: its host and context can be used at will.
struct Inside {
  TestLoad load{object_node("Thing", list_node({json_node("1"), json_node("\"text\"")})),
                {},
                {{"data", std::string(64, 'd')}}};
  const skops_host& host = load.host();
  skops_context* context = load.context();

  skops_value value(skops_node node) {
    skops_value out = 0;
    BOOST_REQUIRE(host.value_of(context, node, &out) == SKOPS_OK);
    return out;
  }
};

constexpr std::uint64_t forged[] = {0, 1u << 20, std::uint64_t{1} << 32, ~std::uint64_t{0}};

}  // namespace

BOOST_FIXTURE_TEST_CASE(forged_nodes, Inside) {
  skops_string text{};
  skops_json json = 0;
  skops_value value = 0;
  std::uint32_t number = 0;
  for (const skops_node node : forged) {
    BOOST_TEST(host.node_names(context, node, &text, &text, &text) == SKOPS_PLUGIN);
    BOOST_TEST(host.node_protocol(context, node, &number) == SKOPS_PLUGIN);
    BOOST_TEST(host.node_field(context, node, str("content"), &json) == SKOPS_PLUGIN);
    BOOST_TEST(host.make_name(context, node, &value) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_of(context, node, &value) == SKOPS_PLUGIN);
    BOOST_TEST(host.make_sequence(context, SKOPS_VALUE_LIST, &node, 1, &value) == SKOPS_PLUGIN);
    const skops_value key = this->value(3);
    BOOST_TEST(host.make_mapping(context, &key, &node, 1, &value) == SKOPS_PLUGIN);
  }
}

BOOST_FIXTURE_TEST_CASE(forged_json, Inside) {
  std::uint32_t kind = 0;
  std::int64_t integer = 0;
  double real = 0;
  skops_string text{};
  std::uint64_t size = 0;
  skops_json items[4] = {};
  skops_node node = 0;
  for (const skops_json json : forged) {
    BOOST_TEST(host.json_kind(context, json, &kind) == SKOPS_PLUGIN);
    BOOST_TEST(host.json_integer(context, json, &integer) == SKOPS_PLUGIN);
    BOOST_TEST(host.json_real(context, json, &real) == SKOPS_PLUGIN);
    BOOST_TEST(host.json_text(context, json, &text) == SKOPS_PLUGIN);
    BOOST_TEST(host.json_size(context, json, &size) == SKOPS_PLUGIN);
    BOOST_TEST(host.json_items(context, json, nullptr, items, 4) == SKOPS_PLUGIN);
    BOOST_TEST(host.json_node(context, json, &node) == SKOPS_PLUGIN);
  }
}

BOOST_FIXTURE_TEST_CASE(json_of_another_kind, Inside) {
  skops_json json = 0;
  BOOST_REQUIRE(host.node_field(context, 1, str("__class__"), &json) == SKOPS_OK);
  std::int64_t integer = 0;
  double real = 0;
  std::uint64_t size = 0;
  skops_json items[100] = {};
  BOOST_TEST(host.json_integer(context, json, &integer) == SKOPS_MALFORMED);
  BOOST_TEST(host.json_real(context, json, &real) == SKOPS_MALFORMED);
  BOOST_TEST(host.json_size(context, json, &size) == SKOPS_MALFORMED);
  BOOST_TEST(host.json_items(context, json, nullptr, items, 0) == SKOPS_PLUGIN);
  BOOST_REQUIRE(host.node_field(context, 1, str("content"), &json) == SKOPS_OK);
  skops_string text{};
  BOOST_TEST(host.json_text(context, json, &text) == SKOPS_MALFORMED);
  BOOST_REQUIRE(host.json_size(context, json, &size) == SKOPS_OK);
  BOOST_TEST(host.json_items(context, json, nullptr, items, size + 1) == SKOPS_PLUGIN);
  BOOST_TEST(host.json_items(context, json, nullptr, items, size - 1) == SKOPS_PLUGIN);
  BOOST_TEST(host.json_items(context, json, nullptr, items, size) == SKOPS_OK);
  // No such field is no error.
  BOOST_TEST(host.node_field(context, 1, str("no.such.field"), &json) == SKOPS_OK);
  BOOST_TEST(json == 0u);
}

BOOST_FIXTURE_TEST_CASE(forged_values, Inside) {
  std::uint32_t kind = 0;
  std::int64_t integer = 0;
  double real = 0;
  skops_string text{};
  skops_bytes bytes{};
  std::uint64_t size = 0;
  skops_value other = 0;
  const skops_array* array = nullptr;
  const skops_csr* csr = nullptr;
  skops_object object{};
  skops_node node = 0;
  for (const skops_value value : forged) {
    BOOST_TEST(host.value_kind(context, value, &kind) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_integer(context, value, &integer) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_real(context, value, &real) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_text(context, value, &text) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_bytes(context, value, &bytes) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_size(context, value, &size) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_item(context, value, 0, &other) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_key(context, value, 0, &other) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_find(context, value, str("x"), &other) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_attribute(context, value, str("x"), &other) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_array(context, value, &array) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_sparse(context, value, &csr) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_object(context, value, &object) == SKOPS_PLUGIN);
    BOOST_TEST(host.value_node(context, value, &node) == SKOPS_PLUGIN);
    BOOST_TEST(host.make_mapping(context, &value, &(node = 3), 1, &other) == SKOPS_PLUGIN);
  }
}

BOOST_FIXTURE_TEST_CASE(values_of_another_kind, Inside) {
  const skops_value list = value(2), number = value(3), text = value(4);
  std::int64_t integer = 0;
  double real = 0;
  skops_string string{};
  std::uint64_t size = 0;
  skops_value other = 0;
  const skops_array* array = nullptr;
  const skops_csr* csr = nullptr;
  skops_object object{};
  BOOST_TEST(host.value_integer(context, text, &integer) == SKOPS_PLUGIN);
  BOOST_TEST(host.value_real(context, number, &real) == SKOPS_PLUGIN);
  BOOST_TEST(host.value_text(context, number, &string) == SKOPS_MALFORMED);
  BOOST_TEST(host.value_size(context, number, &size) == SKOPS_MALFORMED);
  BOOST_TEST(host.value_item(context, list, 2, &other) == SKOPS_MALFORMED);
  BOOST_TEST(host.value_item(context, list, ~std::uint64_t{0}, &other) == SKOPS_MALFORMED);
  BOOST_TEST(host.value_key(context, list, 0, &other) == SKOPS_PLUGIN);
  BOOST_TEST(host.value_find(context, list, str("x"), &other) == SKOPS_MALFORMED);
  BOOST_TEST(host.value_array(context, list, &array) == SKOPS_PLUGIN);
  BOOST_TEST(host.value_sparse(context, list, &csr) == SKOPS_PLUGIN);
  BOOST_TEST(host.value_object(context, list, &object) == SKOPS_PLUGIN);
  BOOST_TEST(host.value_attribute(context, list, str("x"), &other) == SKOPS_OK);
  BOOST_TEST(other == 0u);
}

BOOST_FIXTURE_TEST_CASE(null_pointers, Inside) {
  const skops_value list = value(2);
  skops_value out = 0;
  BOOST_TEST(host.node_names(context, 1, nullptr, nullptr, nullptr) == SKOPS_PLUGIN);
  BOOST_TEST(host.node_protocol(context, 1, nullptr) == SKOPS_PLUGIN);
  BOOST_TEST(host.node_field(context, 1, str("content"), nullptr) == SKOPS_PLUGIN);
  BOOST_TEST(host.node_field(context, 1, {nullptr, 5}, nullptr) == SKOPS_PLUGIN);
  BOOST_TEST(host.json_kind(context, 1, nullptr) == SKOPS_PLUGIN);
  BOOST_TEST(host.json_size(context, 1, nullptr) == SKOPS_PLUGIN);
  std::uint64_t size = 0;
  BOOST_REQUIRE(host.json_size(context, 1, &size) == SKOPS_OK);
  BOOST_TEST(host.json_items(context, 1, nullptr, nullptr, size) == SKOPS_PLUGIN);
  BOOST_TEST(host.member(context, str("data"), nullptr) == SKOPS_PLUGIN);
  BOOST_TEST(host.allocate(context, 8, nullptr) == SKOPS_PLUGIN);
  BOOST_TEST(host.make_none(context, nullptr) == SKOPS_PLUGIN);
  BOOST_TEST(host.make_string(context, str("x"), nullptr) == SKOPS_PLUGIN);
  BOOST_TEST(host.make_bytes(context, {nullptr, 5}, &out) == SKOPS_PLUGIN);
  BOOST_TEST(host.make_sequence(context, SKOPS_VALUE_LIST, nullptr, 3, &out) == SKOPS_PLUGIN);
  BOOST_TEST(host.make_mapping(context, nullptr, nullptr, 3, &out) == SKOPS_PLUGIN);
  BOOST_TEST(host.make_array(context, nullptr, &out) == SKOPS_PLUGIN);
  BOOST_TEST(host.make_sparse(context, nullptr, &out) == SKOPS_PLUGIN);
  BOOST_TEST(host.make_object(context, nullptr, nullptr, &out) == SKOPS_PLUGIN);
  BOOST_TEST(host.value_of(context, 2, nullptr) == SKOPS_PLUGIN);
  BOOST_TEST(host.value_size(context, list, nullptr) == SKOPS_PLUGIN);
  BOOST_TEST(host.value_item(context, list, 0, nullptr) == SKOPS_PLUGIN);
  BOOST_TEST(host.service(context, {nullptr, 0}) == nullptr);
  BOOST_TEST(host.service(context, str("skops.nothing/1")) == nullptr);
}

BOOST_FIXTURE_TEST_CASE(objects_without_their_functions, Inside) {
  static int released;
  released = 0;
  constexpr auto release = [](void*) { ++released; };
  constexpr auto count = [](const void*) -> std::uint64_t { return 1; };
  constexpr skops_object_type
      short_table = {16, {}, nullptr, nullptr, nullptr, release, nullptr},
      no_names = {sizeof(skops_object_type), {}, count, nullptr, nullptr, release, nullptr};
  skops_value out = 0;
  BOOST_TEST(host.make_object(context, &short_table, nullptr, &out) == SKOPS_PLUGIN);
  BOOST_TEST(released == 0);  // the table does not reach so far
  BOOST_TEST(host.make_object(context, &no_names, nullptr, &out) == SKOPS_PLUGIN);
  BOOST_TEST(released == 1);
}

BOOST_FIXTURE_TEST_CASE(members, Inside) {
  skops_bytes bytes{};
  BOOST_TEST(host.member(context, str("data"), &bytes) == SKOPS_OK);
  BOOST_TEST(bytes.size == 64u);
  BOOST_TEST(host.member(context, str("../data"), &bytes) == SKOPS_MALFORMED);
  BOOST_TEST(host.member(context, str("/etc/passwd"), &bytes) == SKOPS_MALFORMED);
  BOOST_TEST(host.member(context, {nullptr, 0}, &bytes) == SKOPS_MALFORMED);
  BOOST_TEST(host.inner_member(context, str("data"), str("x.npy"), &bytes) == SKOPS_MALFORMED);
  BOOST_TEST(host.inner_member(context, str("gone"), str("x.npy"), &bytes) == SKOPS_MALFORMED);
  BOOST_TEST(host.inner_member(context, str("gone"), str("x.npy"), &bytes) == SKOPS_MALFORMED);
}

BOOST_AUTO_TEST_CASE(the_budget) {
  Limits limits;
  limits.allocated_bytes = 10'000;
  TestLoad load(list_node({json_node("1")}), limits);
  const skops_host& host = load.host();
  skops_context* context = load.context();
  void* memory = nullptr;
  BOOST_TEST(host.allocate(context, ~std::uint64_t{0}, &memory) == SKOPS_LIMIT);
  BOOST_TEST(host.allocate(context, 10'001, &memory) == SKOPS_LIMIT);
  BOOST_TEST(host.charge(context, ~std::uint64_t{0} - 5) == SKOPS_LIMIT);
  for (int k = 0; k < 10; ++k) {
    BOOST_TEST(host.allocate(context, 990, &memory) == SKOPS_OK);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(memory) % 64 == 0u);
    std::memset(memory, 1, 990);
  }
  BOOST_TEST(host.allocate(context, 990, &memory) == SKOPS_LIMIT);
  BOOST_TEST(host.charge(context, 101) == SKOPS_LIMIT);
  BOOST_TEST(host.charge(context, 100) == SKOPS_OK);
  skops_value value = 0;
  BOOST_TEST(host.make_string(context, str("x"), &value) == SKOPS_LIMIT);
}

// Limits that somebody has set to "everything" must not wrap around.
BOOST_AUTO_TEST_CASE(a_budget_without_end) {
  Limits limits;
  limits.allocated_bytes = ~std::uint64_t{0};
  TestLoad load(list_node({json_node("1")}), limits);
  void* memory = nullptr;
  BOOST_TEST(load.host().allocate(load.context(), ~std::uint64_t{0} - 10, &memory) == SKOPS_LIMIT);
}
