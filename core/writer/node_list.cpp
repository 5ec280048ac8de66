#include "writer/node_list.hpp"

#include <algorithm>
#include <limits>

#include "skops/error.hpp"

namespace skops {
namespace {

// Numbers of nodes and values are 32 bits wide, as in the reader.
constexpr std::size_t most_values = std::numeric_limits<std::uint32_t>::max() / 2;

[[noreturn]] void too_large(const char* what) {
  throw Error(Family::limit, "limit.nodes", std::string("the object has too ") + what, {},
              "save its parts in files of their own");
}

}  // namespace

NodeList::Value NodeList::Value::viewed(Kind kind, std::string_view text) {
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) too_large("long a text");
  Value v(kind, text.size());
  v.text = text.data();
  return v;
}

std::uint32_t NodeList::append(std::span<const Value> values) {
  if (values_.size() + values.size() > most_values) too_large("many parts");
  const auto first = static_cast<std::uint32_t>(values_.size());
  values_.insert(values_.end(), values.begin(), values.end());
  for (const Value& value : values) {
    if (value.kind == Value::Kind::node) ++nodes_[value.index].references;
  }
  return first;
}

NodeList::Value NodeList::items(std::span<const Value> values) {
  const std::uint32_t first = append(values);
  return Value::indexed(Value::Kind::nodes, first, values.size());
}

NodeList::Value NodeList::entries(std::span<const Value> pairs) {
  const std::uint32_t first = append(pairs);
  return Value::indexed(Value::Kind::entries, first, pairs.size() / 2);
}

NodeList::Handle NodeList::add(NodeTypes::Number type, std::span<const Value> fields) {
  const std::uint32_t first = append(fields);
  nodes_.push_back({type, first, 0, false});
  return static_cast<Handle>(nodes_.size() - 1);
}

NodeList::Handle NodeList::name(NodeTypes::Number type) {
  const auto [known, added] = names_.emplace(type, 0);
  if (added) known->second = add(type, std::span<const Value>());
  return known->second;
}

NodeList::Handle NodeList::key_types(NodeTypes::Number list, NodeTypes::Number text,
                                     std::span<const NodeTypes::Number> keys) {
  const bool all_text = std::all_of(keys.begin(), keys.end(), [&](auto key) { return key == text; });
  Handle* known;
  bool added;
  if (all_text) {
    const auto at = text_key_types_.emplace(static_cast<std::uint32_t>(keys.size()), 0);
    known = &at.first->second, added = at.second;
  } else {
    std::string key(reinterpret_cast<const char*>(keys.data()), keys.size_bytes());
    const auto at = key_types_.emplace(std::move(key), 0);
    known = &at.first->second, added = at.second;
  }
  if (!added) return *known;
  std::vector<Value> items;
  if (all_text && !keys.empty()) {
    items.assign(keys.size(), Value::node(name(text)));
  } else {
    for (const NodeTypes::Number key : keys) items.push_back(Value::node(name(key)));
  }
  *known = add(list, {this->items(items)});
  nodes_[*known].text_keys = all_text;
  return *known;
}

NodeList::Value NodeList::member(std::string head, std::span<const std::byte> body,
                                 std::string_view suffix) {
  members_.push_back({std::move(head), body, suffix});
  return Value::indexed(Value::Kind::member, members_.size() - 1, 1);
}

}  // namespace skops
