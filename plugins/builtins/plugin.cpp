// Python's own types. Values of plain JSON are parsed by the host; containers hold nodes, which are
// loaded when somebody asks for them.
#include "skops/sdk/plugin.hpp"

#include <charconv>
#include <limits>
#include <set>
#include <string>
#include <utility>

namespace {

using namespace skops::sdk;

void load_json(const Node& node, skops_value* value) {
  const Loading in = node.loading();
  check(in.host->make_json(in.context, str(node["content"].text()), value));
}

std::vector<skops_node> children(const Json& list) {
  std::vector<skops_node> out;
  for (const auto& [key, item] : list.items()) out.push_back(item.node().handle());
  return out;
}

template <std::uint32_t Kind>
void load_sequence(const Node& node, skops_value* value) {
  const Loading in = node.loading();
  const auto items = children(node["content"]);
  check(in.host->make_sequence(in.context, Kind, items.data(), items.size(), value));
}

// The types that JSON keys are made of. A name is one of a closed list: `numpy.integer_of_mine` is
// no integer.
enum class KeyType { text, integer, real, boolean, other };

KeyType key_type(std::string_view type) {
  static constexpr std::pair<std::string_view, KeyType> names[] = {
      {"builtins.str", KeyType::text},      {"builtins.int", KeyType::integer},
      {"builtins.float", KeyType::real},    {"builtins.bool", KeyType::boolean},
      {"numpy.str_", KeyType::text},        {"numpy.str", KeyType::text},
      {"numpy.int8", KeyType::integer},     {"numpy.int16", KeyType::integer},
      {"numpy.int32", KeyType::integer},    {"numpy.int64", KeyType::integer},
      {"numpy.uint8", KeyType::integer},    {"numpy.uint16", KeyType::integer},
      {"numpy.uint32", KeyType::integer},   {"numpy.uint64", KeyType::integer},
      {"numpy.intc", KeyType::integer},     {"numpy.uintc", KeyType::integer},
      {"numpy.longlong", KeyType::integer}, {"numpy.ulonglong", KeyType::integer},
      {"numpy.float16", KeyType::real},     {"numpy.float32", KeyType::real},
      {"numpy.float64", KeyType::real},     {"numpy.longdouble", KeyType::real},
      {"numpy.bool_", KeyType::boolean},    {"numpy.bool", KeyType::boolean}};
  for (const auto& [name, kind] : names) {
    if (name == type) return kind;
  }
  return KeyType::other;
}

// The keys of one dict, each `type(text)`. Python takes 1, 1.0 and True for one key, and a dict
// that holds two of them is another dict than the file says: keys that collapse are refused.
class Keys {
 public:
  explicit Keys(const Loading& in) : in_(in) {}

  skops_value make(std::string_view type, std::string_view text) {
    skops_value out = 0;
    switch (key_type(type)) {
      case KeyType::text: check(in_.host->make_string(in_.context, str(text), &out)); return out;
      case KeyType::integer: {
        std::int64_t number = 0;
        const bool whole = read(text, number);
        require(whole, [&] { return quoted(text) + " is not an integer of 64 bits"; });
        remember(static_cast<long double>(number), text);
        check(in_.host->make_integer(in_.context, number, &out));
        return out;
      }
      case KeyType::real: {
        // Python's repr: also nan, inf, -inf, as from_chars reads them.
        double number = 0;
        const bool whole = read(text, number);
        require(whole, [&] { return quoted(text) + " is not a number"; });
        remember(number, text);
        check(in_.host->make_real(in_.context, number, &out));
        return out;
      }
      case KeyType::boolean:
        // JSON's spelling is json.dumps's, Python's is str()'s; bool("False") would be true.
        require(text == "True" || text == "False" || text == "true" || text == "false",
                [&] { return quoted(text) + " is not a bool"; });
        remember(text == "True" || text == "true" ? 1 : 0, text);
        check(in_.host->make_bool(in_.context, text == "True" || text == "true" ? 1 : 0, &out));
        return out;
      case KeyType::other: break;
    }
    unsupported("dict keys of type " + std::string(type) + " have no native form");
  }

 private:
  static std::string quoted(std::string_view text) {
    return "the dict key '" + std::string(text) + "'";
  }
  template <class T>
  static bool read(std::string_view text, T& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
  }
  // long double holds every int64 and every double exactly. NaN equals nothing.
  void remember(long double number, std::string_view text) {
    if (number != number) return;
    require(numbers_.insert(number).second, [&] { return quoted(text) + " occurs twice"; });
  }

  Loading in_;
  std::set<long double> numbers_;
};

void load_dict_at(const Node& node, std::string_view content, std::string_view key_types,
                  skops_value* value) {
  const Loading in = node.loading();
  const auto items = node[content].items();
  // Old files have no key types: all keys are texts then.
  std::vector<Value> types;
  if (const Json field = node.field(key_types)) {
    const Value list = field.node().value();
    if (!list.is(Kind::list)) malformed("key_types is not a list");
    require(list.size() == items.size(), "a dict has not as many key types as keys");
    for (std::size_t k = 0; k < items.size(); ++k) types.push_back(list.item(k));
  }
  std::vector<skops_value> keys;
  std::vector<skops_node> nodes;
  Keys made(in);
  keys.reserve(items.size());
  nodes.reserve(items.size());
  for (std::size_t k = 0; k < items.size(); ++k) {
    std::string_view type = "builtins.str";
    if (!types.empty()) {
      const Kind kind = types[k].kind();
      if (kind != Kind::name && kind != Kind::inert) malformed("a key type is not a type");
      type = types[k].text_view();
    }
    keys.push_back(made.make(type, items[k].first));
    nodes.push_back(items[k].second.node().handle());
  }
  check(in.host->make_mapping(in.context, keys.data(), nodes.data(), keys.size(), value));
}

void load_dict(const Node& node, skops_value* value) {
  load_dict_at(node, "content", "key_types", value);
}

// A defaultdict is read as the dict that it holds; the factory matters only to writers.
void load_default_dict(const Node& node, skops_value* value) {
  *value = node.value("content.main").handle();
}

void load_bytes(const Node& node, skops_value* value) {
  const Loading in = node.loading();
  skops_bytes bytes{};
  check(in.host->member(in.context, str(node["file"].text()), &bytes));
  check(in.host->make_bytes(in.context, bytes, value));
}

void load_name(const Node& node, skops_value* value) {
  const Loading in = node.loading();
  check(in.host->make_name(in.context, node.handle(), value));
}

constexpr skops_serializer rows[] = {
    value_loader<&load_json>("JsonNode"),
    value_loader<&load_sequence<SKOPS_VALUE_LIST>>("ListNode"),
    value_loader<&load_sequence<SKOPS_VALUE_TUPLE>>("TupleNode"),
    value_loader<&load_sequence<SKOPS_VALUE_SET>>("SetNode"),
    value_loader<&load_dict>("DictNode"),
    value_loader<&load_default_dict>("DefaultDictNode"),
    value_loader<&load_default_dict>("_DictWithDeprecatedKeysNode"),
    value_loader<&load_bytes>("BytesNode"),
    value_loader<&load_bytes>("BytearrayNode"),
    value_loader<&load_name>("TypeNode"),
    value_loader<&load_name>("FunctionNode", 1),
};

}  // namespace

SKOPS_EXPORT_PLUGIN("builtins", rows)
