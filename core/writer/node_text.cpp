#include "writer/node_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "skops/error.hpp"
#include "writer/json_text.hpp"

namespace skops {
namespace {

constexpr std::uint32_t deepest = 5000;  // frames of this thread's stack
constexpr std::uint32_t most_ids = std::uint32_t{1} << 30;

[[noreturn]] void too_deep() {
  throw Error(Family::limit, "limit.json_depth", "the object is nested too deeply to be written", {},
              "save its parts in files of their own");
}

void append_number(std::string& out, std::int64_t number) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

}  // namespace

void append_plain_scalar(std::string& out, const NodeList::Value& value) {
  using Kind = NodeList::Value::Kind;
  switch (value.kind) {
    case Kind::boolean:
      out += value.integer != 0 ? "true" : "false";
      return;
    case Kind::integer:
      return append_number(out, value.integer);
    case Kind::real:
      return append_json_real(out, value.real);
    case Kind::json:
      out += value.view();
      return;
    case Kind::string:
      return append_json_string(out, value.view());
    default:
      out += "null";
  }
}

std::string NodeText::run(Handle root) {
  find_plain();
  checksums_ = member_checksums(list_, threads_);
  ids_.assign(list_.nodes().size(), 0);
  scalars_.reserve(64);
  out_.reserve(256 + 48 * list_.nodes().size());
  write_node(root, true, 0, {});
  out_ += '\n';
  return std::move(out_);
}

std::string NodeText::sort_key(const Value& value) {
  if (last_id_ > most_ids) {
    ids_.clear();
    last_id_ = 0;
  }
  base_ = last_id_;
  ids_.resize(list_.nodes().size(), 0);
  plain_.resize(list_.nodes().size());
  scalars_.clear();
  out_.clear();
  write_value(value, false, false, 0);
  return std::move(out_);
}

// The newest that a node needs; readers of the protocols before would take the node for another.
std::uint32_t NodeText::protocol() const {
  int newest = written_protocol;
  for (const NodeList::Node& node : list_.nodes()) {
    newest = std::max(newest, list_.types()[node.type].first_protocol);
  }
  return static_cast<std::uint32_t>(newest);
}

// Children come before their parents.
void NodeText::find_plain() {
  plain_.assign(list_.nodes().size(), {});
  for (Handle node = 0; node < plain_.size(); ++node) {
    const NodeList::Node& n = list_.nodes()[node];
    if (n.references != 1) continue;
    const auto role = list_.types()[n.type].role;
    const auto fields = list_.fields(n);
    if (role == NodeTypes::Role::list && fields[0].kind == Kind::nodes && !n.text_keys) {
      plain_[node] = look_at(fields[0]);
    } else if (role == NodeTypes::Role::dict && fields[1].kind == Kind::entries &&
               fields[0].kind == Kind::node && list_.nodes()[fields[0].index].text_keys) {
      plain_[node] = look_at(fields[1]);
    }
  }
}

NodeText::Plain NodeText::look_at(const Value& items) const {
  Plain out{.plain = true, .depth = 0, .size = 2};
  const auto values = list_.range(items);
  const bool keys = items.kind == Kind::entries;
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (keys) out.size += json_text_bound(values[k++].size);
    const Value& value = values[k];
    if (value.kind == Kind::node) {
      const Plain& below = plain_[value.index];
      if (!below.plain) return {};
      out.depth = std::max(out.depth, below.depth);
      out.size += below.size;
    } else {
      out.size += value.kind == Kind::string ? std::uint64_t{value.size} + 2
                  : value.kind == Kind::json ? value.size
                                             : 8;
    }
    out.size += 1;
  }
  out.depth += 1;
  out.plain = out.depth <= deepest_plain && out.size <= longest_plain;
  return out;
}

void NodeText::begin_id(std::uint32_t id) {
  out_ += "{\"__id__\":";
  append_number(out_, id - base_);
}

void NodeText::begin_text_node(std::uint32_t id) {
  begin_id(id);
  out_ += R"(,"__class__":"str","__module__":"builtins","__loader__":"JsonNode","content":)";
}

void NodeText::write_text_node(std::uint32_t id, std::string_view text) {
  begin_text_node(id);
  append_json_string(out_, text);
  out_ += '}';
}

void NodeText::write_scalar(const Value& value, bool in_place) {
  scratch_.clear();
  append_plain_scalar(scratch_, value);
  const auto [known, added] = scalars_.emplace(scratch_, last_id_ + 1);
  if (added) ++last_id_;
  if (added || in_place) return write_text_node(known->second, known->first);
  begin_id(known->second);
  out_ += '}';
}

// `item`: plain data may stand here as text. `in_place`: a reader looks at the text itself.
void NodeText::write_value(const Value& value, bool item, bool in_place, std::uint32_t depth) {
  if (value.kind != Kind::node) return write_scalar(value, in_place);
  if (item && plain_[value.index].plain) {
    begin_text_node(ids_[value.index] = ++last_id_);
    out_ += '"';
    append_plain_node(out_, value.index);
    out_ += "\"}";
    return;
  }
  write_node(value.index, false, depth, {});
}

void NodeText::write_node(Handle node, bool root, std::uint32_t depth,
                          std::string_view in_place_key) {
  if (depth > deepest || depth > limits_.json_depth) too_deep();
  if (out_.size() > limits_.schema_bytes) {
    throw Error(Family::limit, "limit.schema_bytes", "the schema would become too long", {},
                "save its parts in files of their own");
  }
  const bool first = ids_[node] <= base_;
  if (first) ids_[node] = ++last_id_;
  begin_id(ids_[node]);
  if (first || !in_place_key.empty()) {
    const NodeList::Node& n = list_.nodes()[node];
    const NodeTypes::Type& type = list_.types()[n.type];
    if (root) {
      out_ += ",\"protocol\":" + std::to_string(protocol()) + ",\"_skops_version\":\"" +
              written_version + "\"";
    }
    out_ += ',';
    out_ += type.header;
    const auto fields = list_.fields(n);
    const std::string* group = nullptr;
    for (std::size_t k = 0; k < fields.size(); ++k) {
      if (fields[k].kind == Kind::absent) continue;
      const NodeTypes::Field& field = type.fields[k];
      const bool same = group != nullptr && *group == field.group;
      if (group != nullptr && !same) out_ += '}', group = nullptr;
      if (!same) out_ += ',';
      if (!same && !field.group.empty()) {
        append_json_string(out_, field.group);
        out_ += ":{";
        group = &field.group;
      } else if (same) {
        out_ += ',';
      }
      append_json_string(out_, field.key);
      out_ += ':';
      const std::uint32_t below = depth + (group != nullptr ? 2 : 1);
      if (field.kind == FieldKind::node && !field.in_place.empty() &&
          fields[k].kind == Kind::node) {
        write_node(fields[k].index, false, below, field.in_place);
      } else if (fields[k].kind == Kind::nodes || fields[k].kind == Kind::entries) {
        write_range(fields[k], type.holds_items, in_place_key, below);
      } else {
        write_field(field, fields[k], below);
      }
    }
    if (group != nullptr) out_ += '}';
  }
  out_ += '}';
}

void NodeText::write_field(const NodeTypes::Field& field, const Value& value,
                           std::uint32_t depth) {
  switch (field.kind) {
    case FieldKind::node:
      return write_value(value, false, false, depth);
    case FieldKind::member: {
      const NodeList::Member& member = list_.members()[value.index];
      const std::uint32_t crc =
          checksums_.empty() ? member_checksum(member) : checksums_[value.index];
      return append_json_string(out_,
                                members_.add(member.head, member.body, crc, member.suffix));
    }
    case FieldKind::text:
    case FieldKind::name:
      return append_json_string(out_, value.view());
    default:
      return append_plain_scalar(out_, value);
  }
}

void NodeText::write_range(const Value& value, bool items, std::string_view in_place_key,
                           std::uint32_t depth) {
  const bool keys = value.kind == Kind::entries;
  const auto values = list_.range(value);
  out_ += keys ? '{' : '[';
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (k > 0) out_ += ',';
    bool in_place = false;
    if (keys) {
      in_place = !in_place_key.empty() && values[k].view() == in_place_key;
      append_json_string(out_, values[k++].view());
      out_ += ':';
    }
    write_value(values[k], items, in_place, depth + 1);
  }
  out_ += keys ? '}' : ']';
}

// Plain data as text inside of a JSON string, in one pass.
void NodeText::append_plain(std::string& out, const Value& value) const {
  switch (value.kind) {
    case Kind::node:
      return append_plain_node(out, value.index);
    case Kind::string:
      return append_string_in_json(out, value.view());
    case Kind::json:
      return append_json_in_json(out, value.view());
    default:
      return append_plain_scalar(out, value);
  }
}

void NodeText::append_plain_node(std::string& out, Handle node) const {
  const auto fields = list_.fields(list_.nodes()[node]);
  const Value& value = fields.back();
  const bool keys = value.kind == Kind::entries;
  const auto values = list_.range(value);
  out += keys ? '{' : '[';
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (k > 0) out += ',';
    if (keys) {
      append_string_in_json(out, values[k++].view());
      out += ':';
    }
    append_plain(out, values[k]);
  }
  out += keys ? '}' : ']';
}

}  // namespace skops
