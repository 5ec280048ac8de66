#include "trust/brought_name.hpp"

#include "graph/json_value.hpp"
#include "skops/limits.hpp"

namespace skops {
namespace {

constexpr std::size_t longest_name = 300;

// The text of a field that names something, or an empty text.
std::string_view text_of(const Graph& graph, NodeId node, const std::string& field) {
  const Tape::Index at = graph.field(node, field);
  if (at == Tape::none || graph.tape().kind(at) != JsonKind::string) return {};
  const std::string_view text = graph.tape().text(at);
  return text.size() > longest_name ? std::string_view() : text;
}

// The text under a key of a dict, be it plain JSON or a node whose entries are nodes of JSON text.
std::string keyed_text(const Graph& graph, NodeId node, const BroughtName& brought) {
  const Tape& tape = graph.tape();
  const Tape::Index at = graph.field(node, brought.first);
  if (at == Tape::none) return {};
  const NodeId dict = graph.node_at(at);
  Tape::Index map = at;
  if (dict != no_node) {
    map = Tape::none;
    if (const LoaderLayout* layout = graph.layout(dict)) {
      for (const LoaderField& field : layout->fields) {
        if (field.kind == FieldKind::map) map = graph.field(dict, field.path);
      }
    }
  }
  if (map == Tape::none || tape.kind(map) != JsonKind::object) return {};
  const Tape::Index value = tape.find(map, brought.second);
  if (value == Tape::none) return {};
  if (dict == no_node) {
    return tape.kind(value) == JsonKind::string ? std::string(tape.text(value)) : std::string();
  }
  const NodeId text = graph.node_at(value);
  if (text == no_node || !has_json_value(graph, text)) return {};
  for (const LoaderField& field : graph.layout(text)->fields) {
    if (field.kind == FieldKind::text && text_of(graph, text, field.path).empty()) return {};
  }
  Budget budget{Limits{}};
  const Tape json = json_value(graph, text, budget);
  return json.kind(Tape::root) == JsonKind::string ? std::string(json.text(Tape::root))
                                                   : std::string();
}

}  // namespace

BroughtText brought_text(const Graph& graph, NodeId node, const BroughtName& brought) {
  switch (brought.kind) {
    case BroughtName::Kind::method:
      return {std::string(graph.module(node)), std::string(text_of(graph, node, brought.second))};
    case BroughtName::Kind::name:
      return {std::string(text_of(graph, node, brought.first)),
              std::string(text_of(graph, node, brought.second))};
    case BroughtName::Kind::key: return {brought.module, keyed_text(graph, node, brought)};
  }
  return {};
}

}  // namespace skops
