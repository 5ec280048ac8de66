#include "writer/plain_data.hpp"

#include <algorithm>

#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "writer/json_text.hpp"

namespace skops {
namespace {

bool is_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || text.size() > 18 || (text[0] == '0' && text.size() > 1)) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_simple_string(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  text = text.substr(1, text.size() - 2);
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x80 &&
           c != '"' && c != '\\';
  });
}

// Whether the text is one JSON value as Python's json writes it. Text that is not must not be put
// beside other text.
bool is_value(std::string_view text, const Limits& limits) {
  if (text == "null" || text == "true" || text == "false") return true;
  if (is_integer(text) || is_simple_string(text)) return true;
  try {
    Budget budget(limits);
    parse_json(text, budget, Dialect::python, {});
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::uint32_t nesting(std::string_view text) {
  std::uint32_t depth = 0, most = 0;
  bool string = false;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const char c = text[k];
    if (string) {
      if (c == '\\') ++k;
      if (c == '"') string = false;
    } else if (c == '"') {
      string = true;
    } else if (c == '[' || c == '{') {
      most = std::max(most, ++depth);
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return most;
}

// Whether a layout is that of the loaders described in docs/format.md, not another one of their use.
bool holds_text(const LoaderLayout& layout) {
  return layout.use == "json" && layout.fields.size() == 1 && layout.fields[0].path == "content" &&
         layout.fields[0].kind == FieldKind::text;
}
bool holds_items(const LoaderLayout& layout) {
  return layout.use == "list" && layout.fields.size() == 1 && layout.fields[0].path == "content" &&
         layout.fields[0].kind == FieldKind::nodes;
}
bool holds_entries(const LoaderLayout& layout) {
  return layout.use == "dict" && layout.fields.size() == 2 &&
         layout.fields[0].path == "key_types" && layout.fields[0].kind == FieldKind::node &&
         layout.fields[1].path == "content" && layout.fields[1].kind == FieldKind::map;
}

bool is_header(std::string_view key) {
  return key == "__class__" || key == "__module__" || key == "__loader__" || key == "__id__";
}

}  // namespace

PlainData::PlainData(const Graph& graph, const std::vector<std::uint32_t>& references,
                     const Limits& limits)
    : graph_(graph), references_(references), limits_(limits), nodes_(graph.size()) {
  // Values may be older than the containers that refer to them; containers that count here are
  // referred to once, so that their own have larger numbers.
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (graph.known(node) && holds_text(*graph.layout(node))) look_at_text(node);
  }
  for (NodeId node = graph.size(); node-- > 0;) {
    const LoaderLayout* layout = graph.layout(node);
    if (layout == nullptr || graph.module(node) != "builtins" || references[node] != 1) continue;
    if (holds_items(*layout) && graph.cls(node) == "list" && has_only(node, 1)) {
      look_at_container(node, content(node), false);
    } else if (holds_entries(*layout) && graph.cls(node) == "dict" && has_only(node, 2) &&
               text_keys(node)) {
      look_at_container(node, content(node), true);
    }
  }
  for (NodeId node = 0; node < graph.size(); ++node) {
    const LoaderLayout* layout = graph.layout(node);
    nodes_[node].collapse = nodes_[node].plain && layout->use != "json" && is_item(node);
  }
}

// Whether the node stands where any value may stand, not where its loader expects a dict or tuple.
bool PlainData::is_item(NodeId node) const {
  const NodeId parent = graph_.node(node).parent;
  const LoaderLayout* layout = parent == no_node ? nullptr : graph_.layout(parent);
  if (layout == nullptr) return false;
  const FieldKind kind = layout->fields[graph_.node(node).field].kind;
  return (kind == FieldKind::nodes || kind == FieldKind::map) &&
         (layout->use == "list" || layout->use == "dict" || layout->use == "tuple");
}

void PlainData::look_at_text(NodeId node) {
  Info& info = nodes_[node];
  const Tape::Index at = content(node);
  if (at == Tape::none || graph_.tape().kind(at) != JsonKind::string) return;
  const std::string_view text = graph_.tape().text(at);
  if (text.size() > longest_plain || !is_value(text, limits_)) return;
  info.depth = nesting(text);
  info.scalar = info.depth == 0;
  // A list or dict that others share must stay one object.
  info.plain = info.depth <= deepest_plain && (info.scalar || references_[node] == 1);
  info.size = text.size();
}

void PlainData::look_at_container(NodeId node, Tape::Index content, bool keys) {
  const Tape& tape = graph_.tape();
  Info info{.plain = true, .depth = 0, .size = 2};
  for (Tape::Index i = tape.first(content); i != tape.next(content); i = tape.next(i)) {
    if (keys) info.size += json_text_bound(tape.text(i++).size());
    const NodeId item = graph_.node_at(i);
    if (item == no_node || !nodes_[item].plain) return;
    info.depth = std::max(info.depth, nodes_[item].depth);
    info.size += nodes_[item].size + 2;
  }
  info.depth += 1;
  if (info.depth <= deepest_plain && info.size <= longest_plain) nodes_[node] = info;
}

// Whether the node has no keys but the header and so many others; its loader requires those.
bool PlainData::has_only(NodeId node, std::size_t keys) const {
  const Tape& tape = graph_.tape();
  const Tape::Index json = graph_.node(node).json;
  std::size_t others = 0;
  for (Tape::Index k = tape.first(json); k != tape.next(json); k = tape.next(k + 1)) {
    if (!is_header(tape.text(k))) ++others;
  }
  return others == keys;
}

// Whether all keys of a dict are text. The list of their types goes away with the dict.
bool PlainData::text_keys(NodeId node) const {
  const Tape& tape = graph_.tape();
  const Tape::Index at = graph_.field(node, "key_types");
  const NodeId list = at == Tape::none ? no_node : graph_.node_at(at);
  if (list == no_node || references_[list] != 1) return false;
  const LoaderLayout* layout = graph_.layout(list);
  if (layout == nullptr || !holds_items(*layout) || !has_only(list, 1) ||
      graph_.module(list) != "builtins" || graph_.cls(list) != "list") {
    return false;
  }
  const Tape::Index types = content(list);
  if (tape.size(types) != tape.size(content(node))) return false;
  for (Tape::Index i = tape.first(types); i != tape.next(types); i = tape.next(i)) {
    const NodeId type = graph_.node_at(i);
    if (type == no_node || !graph_.known(type) || graph_.layout(type)->use != "type" ||
        graph_.module(type) != "builtins" || graph_.cls(type) != "str") {
      return false;
    }
  }
  return true;
}

std::string PlainData::text(NodeId node) const {
  std::string out;
  append(out, node);
  return out;
}

void PlainData::append(std::string& out, NodeId node) const {
  const Tape& tape = graph_.tape();
  const Tape::Index at = content(node);
  switch (tape.kind(at)) {
    case JsonKind::string:
      out += tape.text(at);
      return;
    case JsonKind::array:
      out += '[';
      for (Tape::Index i = tape.first(at); i != tape.next(at); i = tape.next(i)) {
        if (i != tape.first(at)) out += ',';
        append(out, graph_.node_at(i));
      }
      out += ']';
      return;
    default:
      out += '{';
      for (Tape::Index k = tape.first(at); k != tape.next(at); k = tape.next(k + 1)) {
        if (k != tape.first(at)) out += ',';
        append_json_string(out, tape.text(k));
        out += ':';
        append(out, graph_.node_at(k + 1));
      }
      out += '}';
  }
}

}  // namespace skops
