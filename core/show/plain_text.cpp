#include "show/plain_text.hpp"

#include "skops/error.hpp"
#include "skops/limits.hpp"

namespace skops {
namespace {

// The nesting is bounded by this constant, not by the file.
constexpr int deepest = 3;
constexpr std::size_t most_items = 12, longest = 110, longest_text = 80;

class PlainText {
 public:
  PlainText(const Graph& graph, bool containers) : graph_(graph), containers_(containers) {}

  bool append(NodeId id, int depth) {
    const LoaderLayout* layout = graph_.layout(id);
    if (layout == nullptr || depth > deepest || out.size() > longest) return false;
    // A type or a function: its name is all there is.
    if (layout->fields.empty()) return add_name(id);
    // A container holds one such field; a node beside it is the types of a dict's keys, which the
    // keys show, or the shape of an array of objects.
    const LoaderField* held = nullptr;
    const LoaderField* beside = nullptr;
    for (const LoaderField& field : layout->fields) {
      const LoaderField*& place = field.kind == FieldKind::node ? beside : held;
      if (place != nullptr) return false;
      place = &field;
    }
    if (held == nullptr) return false;
    if (beside != nullptr && held->kind == FieldKind::text) return false;
    const Tape& tape = graph_.tape();
    const Tape::Index at = graph_.field(id, held->path);
    if (at == Tape::none) return false;
    switch (held->kind) {
      case FieldKind::text:
        if (tape.kind(at) != JsonKind::string) return false;
        if (depth > 0 && tape.text(at).size() > longest) return false;
        out += python_text(tape.text(at));
        return true;
      case FieldKind::nodes:
        return containers_ && tape.kind(at) == JsonKind::array && add_items(id, at, beside, depth);
      case FieldKind::map:
        return containers_ && tape.kind(at) == JsonKind::object && add_entries(at, depth);
      default: return false;
    }
  }

  std::string out;

 private:
  bool add_name(NodeId id) {
    out.append(graph_.module(id)).append(1, '.').append(graph_.cls(id));
    return out.size() <= longest;
  }

  bool add_items(NodeId id, Tape::Index at, const LoaderField* beside, int depth) {
    const Tape& tape = graph_.tape();
    if (tape.size(at) > most_items) return false;
    const std::string_view cls = graph_.cls(id);
    const bool list = cls == "list", tuple = cls == "tuple";
    if (!list && !tuple) out.append(cls).append("(");
    out += tuple ? '(' : '[';
    bool first = true;
    for (Tape::Index i = tape.first(at); i != tape.next(at); i = tape.next(i)) {
      if (!first) out += ", ";
      first = false;
      const NodeId item = graph_.node_at(i);
      if (item == no_node || !append(item, depth + 1)) return false;
    }
    if (tuple && tape.size(at) == 1) out += ',';
    out += tuple ? ")" : "]";
    if (beside != nullptr) {
      const Tape::Index value = graph_.field(id, beside->path);
      const NodeId other = value == Tape::none ? no_node : graph_.node_at(value);
      out.append(", ").append(beside->path.substr(beside->path.rfind('.') + 1)).append("=");
      if (other == no_node || !append(other, depth + 1)) return false;
    }
    if (!list && !tuple) out += ')';
    return out.size() <= longest;
  }

  bool add_entries(Tape::Index at, int depth) {
    const Tape& tape = graph_.tape();
    if (tape.size(at) > most_items) return false;
    out += '{';
    bool first = true;
    for (Tape::Index k = tape.first(at); k != tape.next(at); k = tape.next(k + 1)) {
      if (!first) out += ", ";
      first = false;
      out += quoted(tape.text(k), longest_text) + ": ";
      const NodeId item = graph_.node_at(k + 1);
      if (item == no_node || !append(item, depth + 1)) return false;
    }
    out += '}';
    return out.size() <= longest;
  }

  const Graph& graph_;
  bool containers_;
};

}  // namespace

std::string quoted(std::string_view text, std::size_t most) {
  std::string escaped;
  for (const char c : text.substr(0, most)) {
    if (c == '\'' || c == '\\') escaped += '\\';
    if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\t') {
      escaped += "\\t";
    } else {
      escaped += c;
    }
  }
  return "'" + escaped + (text.size() > most ? "...'" : "'");
}

std::string python_text(std::string_view json) {
  if (json == "null") return "None";
  if (json == "true") return "True";
  if (json == "false") return "False";
  if (json == "NaN") return "nan";
  if (json == "Infinity") return "inf";
  if (json == "-Infinity") return "-inf";
  constexpr std::size_t most_parsed = 4096;
  if (json.starts_with('"') && json.size() <= most_parsed) {
    try {
      Budget budget{Limits{}};
      const Tape tape = parse_json(json, budget, Dialect::python, "");
      if (tape.kind(Tape::root) == JsonKind::string) {
        return quoted(tape.text(Tape::root), longest_text);
      }
    } catch (const Error&) {
      // Not the JSON that it should be: shown as it stands.
    }
  }
  return json.size() <= longest ? std::string(json) : std::string(json.substr(0, longest)) + "...";
}

std::optional<std::string> plain_text(const Graph& graph, NodeId id, bool containers) {
  PlainText text(graph, containers);
  if (!text.append(id, 0)) return std::nullopt;
  return std::move(text.out);
}

}  // namespace skops
