#include "trust/operator_names.hpp"

#include <vector>

#include "graph/json_value.hpp"
#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "trust/refused_names.hpp"

namespace skops {
namespace {

// Honest ones have one or two; a hostile file has one long tuple, and a million nodes that use it.
constexpr std::uint32_t most_names = 32;
constexpr std::size_t longest_name = 300;

// The elements of the node that the first field of `node` holds; `none` where there are none.
Tape::Index elements(const Graph& graph, NodeId node) {
  const LoaderLayout* layout = graph.layout(node);
  if (layout == nullptr || layout->fields.empty()) return Tape::none;
  const Tape::Index at = graph.field(node, layout->fields.front().path);
  const NodeId tuple = at == Tape::none ? no_node : graph.node_at(at);
  const LoaderLayout* inner = tuple == no_node ? nullptr : graph.layout(tuple);
  if (inner == nullptr) return Tape::none;
  for (const LoaderField& field : inner->fields) {
    if (field.kind == FieldKind::nodes) return graph.field(tuple, field.path);
  }
  return Tape::none;
}

// A plain text, as JSON of Python; empty for anything else.
std::string text_of(const Graph& graph, NodeId node) {
  if (node == no_node || !has_json_value(graph, node)) return {};
  for (const LoaderField& field : graph.layout(node)->fields) {
    const Tape::Index at = graph.field(node, field.path);
    if (field.kind == FieldKind::text && at != Tape::none &&
        graph.tape().text(at).size() > 2 * longest_name) {
      return {};
    }
  }
  Budget budget{Limits{}};
  const Tape json = json_value(graph, node, budget);
  if (json.kind(Tape::root) != JsonKind::string) return {};
  return std::string(json.text(Tape::root));
}

}  // namespace

std::string refused_operator(std::span<const std::string> names, bool calls) {
  if (names.empty() || names.size() > most_names) return "names that cannot be read";
  for (const std::string& name : names) {
    if (name.empty() || name.size() > longest_name) return "names that cannot be read";
    const std::string_view reason =
        calls ? refused_method_reason(name) : refused_attribute_reason(name);
    if (!reason.empty()) return printable(name) + ", " + std::string(reason);
  }
  return {};
}

std::string refused_operator(const Graph& graph, NodeId node) {
  const std::string_view cls = graph.cls(node);
  const bool calls = cls == "methodcaller";
  if (!calls && cls != "attrgetter") return {};
  const Tape& tape = graph.tape();
  const Tape::Index list = elements(graph, node);
  std::vector<std::string> names;
  if (list != Tape::none && tape.kind(list) == JsonKind::array) {
    // What follows a method's name are its arguments.
    const std::size_t most = calls ? 1 : most_names + 1;
    for (Tape::Index i = tape.first(list); i != tape.next(list) && names.size() < most;
         i = tape.next(i)) {
      names.push_back(text_of(graph, graph.node_at(i)));
    }
  }
  std::string why = refused_operator(names, calls);
  if (why.empty() && calls && !harmless_method(names.front())) {
    why = printable(names.front()) + ", which is not one of the methods that only compute";
  }
  return why;
}

}  // namespace skops
