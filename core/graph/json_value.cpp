#include "graph/json_value.hpp"

#include "skops/error.hpp"

namespace skops {
namespace {

Tape::Index text_of(const Graph& graph, NodeId node) {
  const LoaderLayout* layout = graph.layout(node);
  if (layout == nullptr) return Tape::none;
  for (const LoaderField& field : layout->fields) {
    if (field.kind == FieldKind::text) return graph.field(node, field.path);
  }
  return Tape::none;
}

}  // namespace

bool has_json_value(const Graph& graph, NodeId node) {
  return text_of(graph, node) != Tape::none;
}

Tape json_value(const Graph& graph, NodeId node, Budget& budget) {
  const Tape::Index text = text_of(graph, node);
  if (text == Tape::none) {
    throw Error(Family::malformed, "graph.not-plain",
                "a " + std::string(graph.loader(node)) + " where a plain value belongs",
                {.member = "schema.json", .path = graph.path(node)});
  }
  try {
    return parse_json(graph.tape().text(text), budget, Dialect::python, {});
  } catch (const Error& error) {
    throw error.with({.member = "schema.json", .path = graph.path(node)});
  }
}

}  // namespace skops
