#include "writer/schema_writer.hpp"

#include <algorithm>
#include <map>

#include "skops/error.hpp"
#include "writer/json_text.hpp"

namespace skops {
namespace {

constexpr std::uint32_t deepest = 5000;  // frames of this thread's stack

bool is_leaf_by_name(const LoaderLayout& layout) {
  return layout.fields.empty() && (layout.use == "type" || layout.use == "function");
}

std::vector<std::uint32_t> references_of(const Graph& graph) {
  std::vector<std::uint32_t> out(graph.size());
  for (Tape::Index i = 0; i < graph.tape().entries(); ++i) {
    const NodeId node = graph.node_at(i);
    if (node != no_node) ++out[node];
  }
  return out;
}

}  // namespace

SchemaWriter::SchemaWriter(const Graph& graph, const Limits& limits, MemberNames& members)
    : graph_(graph),
      tape_(graph.tape()),
      limits_(limits),
      members_(members),
      references_(references_of(graph)),
      plain_(graph, references_, limits),
      same_as_(graph.size()),
      place_(graph.size(), Tape::none),
      ids_(graph.size()) {}

std::string SchemaWriter::run() {
  for (NodeId node = 0; node < graph_.size(); ++node) {
    if (graph_.known(node)) continue;
    throw Error(Family::unsupported, "save.unknown-loader",
                "no plugin describes the loader " + std::string(graph_.loader(node)),
                {.path = graph_.path(node)},
                "add a plugin that describes it: what the node refers to cannot be kept otherwise");
  }
  // Copies of a node may name other members than the node: they must hold the same.
  for (const auto& [first, copy] : graph_.equal_members()) {
    members_.expect_equal(tape_.text(first), tape_.text(copy));
  }
  find_equal_nodes();
  visit(Tape::root, 0);
  std::sort(member_fields_.begin(), member_fields_.end());
  write(Tape::root, 0);
  out_ += '\n';
  return std::move(out_);
}

std::string SchemaWriter::key_of(NodeId node) {
  if (node == 0) return {};
  const LoaderLayout& layout = *graph_.layout(node);
  const Node& n = graph_.node(node);
  if (is_leaf_by_name(layout) || plain_.scalar(node)) {
    // All its JSON but the id.
    out_.clear();
    write_members_of(n.json, 0, true);
    return std::move(out_);
  }
  // The types of a dict's keys, which nobody gets to see but the dict while it is filled.
  if (layout.use != "list" || references_[node] != 1) return {};
  const LoaderLayout& dict = *graph_.layout(n.parent);
  const LoaderField& field = dict.fields[n.field];
  if (dict.use != "dict" || field.path != "key_types" || field.kind != FieldKind::node) return {};
  if (tape_.size(n.json) > 5) return {};  // the header and the content
  const Tape::Index content = graph_.field(node, "content");
  if (content == Tape::none || tape_.kind(content) != JsonKind::array) return {};
  std::string key = "[" + std::to_string(n.module) + "," + std::to_string(n.cls);
  for (Tape::Index i = tape_.first(content); i != tape_.next(content); i = tape_.next(i)) {
    const NodeId type = graph_.node_at(i);
    if (type == no_node || !is_leaf_by_name(*graph_.layout(type))) return {};
    key += "," + std::to_string(same_as_[type]);
  }
  return key;
}

// Types first: lists of key types are compared by them.
void SchemaWriter::find_equal_nodes() {
  std::map<std::string, NodeId, std::less<>> first;
  for (NodeId node = 0; node < graph_.size(); ++node) same_as_[node] = node;
  for (const bool lists : {false, true}) {
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if ((graph_.layout(node)->use == "list") != lists) continue;
      std::string key = key_of(node);
      if (key.empty()) continue;
      same_as_[node] = first.emplace(std::move(key), node).first->second;
    }
  }
  out_.clear();
}

void SchemaWriter::visit(Tape::Index json, std::uint32_t depth) {
  const NodeId node = graph_.node_at(json), first = same_as_[node];
  if (ids_[first] != 0) return;
  if (depth > deepest) too_deep();
  ids_[first] = ++last_id_;
  place_[first] = json;
  if (!plain_.written_as_text(node)) visit_fields(node, depth);
}

void SchemaWriter::visit_fields(NodeId node, std::uint32_t depth) {
  const LoaderLayout& layout = *graph_.layout(node);
  for (const LoaderField& field : layout.fields) {
    const Tape::Index at = graph_.field(node, field.path);
    if (at == Tape::none || tape_.kind(at) == JsonKind::null) continue;
    switch (field.kind) {
      case FieldKind::node:
        visit(at, depth + 1);
        break;
      case FieldKind::nodes:
        for (Tape::Index i = tape_.first(at); i != tape_.next(at); i = tape_.next(i)) {
          visit(i, depth + 1);
        }
        break;
      case FieldKind::map:
        for (Tape::Index k = tape_.first(at); k != tape_.next(at); k = tape_.next(k + 1)) {
          visit(k + 1, depth + 1);
        }
        break;
      case FieldKind::member:
        try {
          member_fields_.emplace_back(at, &members_.of(tape_.text(at)));
        } catch (const Error& error) {
          throw error.with({.path = graph_.path(node)});
        }
        break;
      default:
        break;
    }
  }
  mark_in_place(node);
}

void SchemaWriter::mark_in_place(NodeId node) {
  for (const LoaderLayout::InPlace& read : graph_.layout(node)->in_place) {
    const Tape::Index at = graph_.field(node, read.field);
    const NodeId dict = at == Tape::none ? no_node : graph_.node_at(at);
    if (dict == no_node) continue;  // plain JSON, which is written as it is
    in_place_.insert(at);
    for (const LoaderField& field : graph_.layout(dict)->fields) {
      if (field.kind != FieldKind::map) continue;
      const Tape::Index value = tape_.find(graph_.field(dict, field.path), read.key);
      if (value != Tape::none) in_place_.insert(value);
    }
  }
}

void SchemaWriter::write(Tape::Index json, std::uint32_t depth) {
  if (depth > deepest || depth > limits_.json_depth) too_deep();
  switch (tape_.kind(json)) {
    case JsonKind::null:
      out_ += "null";
      return;
    case JsonKind::boolean:
      out_ += tape_.boolean(json) ? "true" : "false";
      return;
    case JsonKind::integer:
      out_ += std::to_string(tape_.integer(json));
      return;
    case JsonKind::big_integer:
      out_ += tape_.text(json);
      return;
    case JsonKind::real:
      return append_json_real(out_, tape_.real(json));
    case JsonKind::string: {
      const std::string_view member = new_member_name(json);
      return append_json_string(out_, member.empty() ? tape_.text(json) : member);
    }
    case JsonKind::array:
      out_ += '[';
      for (Tape::Index i = tape_.first(json); i != tape_.next(json); i = tape_.next(i)) {
        if (i != tape_.first(json)) out_ += ',';
        write(i, depth + 1);
      }
      out_ += ']';
      return;
    case JsonKind::object:
      break;
  }
  const NodeId node = graph_.node_at(json);
  if (node != no_node) return write_node(json, node, depth);
  const Tape::Index id = tape_.find(json, "__id__");
  // A dict may have such a key; what no loader reads may not have an id, which could be another
  // node's from now on.
  if (id != Tape::none && tape_.kind(id) < JsonKind::array) {
    throw Error(Family::unsupported, "save.unread-node",
                "a node in a field that no loader reads", {.member = "schema.json"},
                "update libskops, or get the file again from where it was made");
  }
  out_ += '{';
  write_members_of(json, depth, true);
  out_ += '}';
}

void SchemaWriter::write_node(Tape::Index json, NodeId node, std::uint32_t depth) {
  check_size();
  const NodeId first = same_as_[node];
  out_ += "{\"__id__\":" + std::to_string(ids_[first]);
  if (place_[first] == json || in_place_.contains(json)) {
    if (plain_.written_as_text(node)) {
      out_ += R"(,"__class__":"str","__module__":"builtins","__loader__":"JsonNode","content":)";
      append_json_string(out_, plain_.text(node));
      out_ += R"(,"is_json":true)";
    } else {
      write_members_of(graph_.node(node).json, depth, false);
    }
  }
  out_ += '}';
}

// All members of an object but its id.
void SchemaWriter::write_members_of(Tape::Index object, std::uint32_t depth, bool first) {
  const bool node = graph_.node_at(object) != no_node;
  for (Tape::Index k = tape_.first(object); k != tape_.next(object); k = tape_.next(k + 1)) {
    if (node && tape_.text(k) == "__id__") continue;
    if (!first) out_ += ',';
    first = false;
    append_json_string(out_, tape_.text(k));
    out_ += ':';
    write(k + 1, depth + 1);
  }
}

std::string_view SchemaWriter::new_member_name(Tape::Index string) const {
  const auto at = std::lower_bound(
      member_fields_.begin(), member_fields_.end(), string,
      [](const auto& field, Tape::Index index) { return field.first < index; });
  if (at == member_fields_.end() || at->first != string) return {};
  return *at->second;
}

void SchemaWriter::check_size() const {
  if (out_.size() <= limits_.schema_bytes) return;
  throw Error(Family::limit, "limit.schema_bytes", "the schema would become too long",
              {.member = "schema.json"},
              "raise Limits::schema_bytes if you trust the origin of the file");
}

void SchemaWriter::too_deep() const {
  throw Error(Family::limit, "limit.json_depth", "the schema is nested too deeply to be written",
              {.member = "schema.json"}, "");
}

}  // namespace skops
