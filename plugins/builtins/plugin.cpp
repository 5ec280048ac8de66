// Python's own types. Values of plain JSON are parsed by the host; containers hold nodes, which are
// loaded when somebody asks for them.
#include "skops/sdk/plugin.hpp"

#include <charconv>
#include <set>

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

// The key of a dict: `type(text)`, for the types that JSON keys are made of.
skops_value make_key(const Loading& in, std::string_view type, std::string_view text) {
  skops_value out = 0;
  if (type == "builtins.str" || type == "numpy.str_" || type == "numpy.str") {
    check(in.host->make_string(in.context, str(text), &out));
    return out;
  }
  const bool integer = type == "builtins.int" || type.starts_with("numpy.int") ||
                       type.starts_with("numpy.uint");
  if (integer) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    require(error == std::errc() && end == text.data() + text.size(), [&] {
      return "the dict key '" + std::string(text) + "' is not an integer of 64 bits";
    });
    check(in.host->make_integer(in.context, number, &out));
    return out;
  }
  if (type == "builtins.float" || type.starts_with("numpy.float")) {
    // Python's repr: also nan, inf, -inf, as from_chars reads them.
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    require(error == std::errc() && end == text.data() + text.size(),
            [&] { return "the dict key '" + std::string(text) + "' is not a number"; });
    check(in.host->make_real(in.context, number, &out));
    return out;
  }
  if (type == "builtins.bool" || type == "numpy.bool_" || type == "numpy.bool") {
    require(text == "True" || text == "False",
            [&] { return "the dict key '" + std::string(text) + "' is not a bool"; });
    check(in.host->make_bool(in.context, text == "True" ? 1 : 0, &out));
    return out;
  }
  unsupported("dict keys of type " + std::string(type) + " have no native form");
}

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
  std::set<std::string_view> seen;
  keys.reserve(items.size());
  nodes.reserve(items.size());
  for (std::size_t k = 0; k < items.size(); ++k) {
    std::string_view type = "builtins.str";
    if (!types.empty()) {
      const Kind kind = types[k].kind();
      if (kind != Kind::name && kind != Kind::inert) malformed("a key type is not a type");
      type = types[k].text_view();
    }
    keys.push_back(make_key(in, type, items[k].first));
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
