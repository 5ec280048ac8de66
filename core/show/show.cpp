#include "skops/show.hpp"

#include <algorithm>
#include <unordered_map>

#include "graph/dotted_name.hpp"
#include "graph/graph.hpp"
#include "show/plain_text.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

struct Child {
  std::string name = {};
  NodeId id = no_node;
  bool described_here = true;  // not a reference to a node described elsewhere
};

// What hangs below a node, and what the node itself holds.
struct Parts {
  std::vector<Child> attributes;  // always shown
  std::vector<Child> items;       // of a container; shown up to a number
  std::string text, json, member;
  std::uint64_t count = 0;
};

class Outline {
 public:
  Outline(const Graph& graph, const ShowOptions& options) : graph_(graph), options_(options) {
    for (NodeId id = 1; id < graph.size(); ++id) {
      if (!graph.known(graph.node(id).parent)) below_unknown_[graph.node(id).parent].push_back(id);
    }
  }

  std::vector<Shown> run() {
    seen_.resize(graph_.size(), false);
    push({.id = 0}, 0);
    while (!stack_.empty()) {
      Pending next = std::move(stack_.back());
      stack_.pop_back();
      if (next.omitted > 0) {
        out_.push_back({.kind = Shown::Kind::omitted, .depth = next.depth, .items = next.omitted});
      } else {
        visit(std::move(next));
      }
    }
    return std::move(out_);
  }

 private:
  struct Pending {
    Child child = {};
    std::uint32_t depth = 0;
    std::uint64_t omitted = 0;
  };

  void push(Child child, std::uint32_t depth) { stack_.push_back({std::move(child), depth}); }

  void visit(Pending next) {
    const NodeId id = next.child.id;
    Shown& line = out_.emplace_back();
    line.depth = next.depth;
    line.name = std::move(next.child.name);
    line.loader = graph_.loader(id);
    line.type = std::string(graph_.module(id)) + '.' + std::string(graph_.cls(id));
    const LoaderLayout* layout = graph_.layout(id);
    if (layout != nullptr && layout->fields.empty()) {
      line.kind = Shown::Kind::name;
      return;
    }
    if (auto text = plain_text(graph_, id, options_.inline_values)) {
      line.kind = Shown::Kind::value;
      line.text = std::move(*text);
      Parts parts = parts_of(id);
      line.json = std::move(parts.json);
      line.items = parts.count;
      return;
    }
    if (seen_[id] || !next.child.described_here) {
      line.kind = Shown::Kind::reference;
      line.text = graph_.path(id);
      return;
    }
    seen_[id] = true;
    Parts parts = parts_of(id);
    line.kind = layout == nullptr      ? Shown::Kind::unknown
                : parts.member.empty() ? Shown::Kind::object
                                       : Shown::Kind::data;
    line.text = std::move(parts.text);
    line.json = std::move(parts.json);
    line.member = std::move(parts.member);
    line.items = parts.count;
    if (next.depth < options_.most_depth) push_children(std::move(parts), next.depth + 1);
  }

  // In reverse, as the last one pushed is visited first.
  void push_children(Parts parts, std::uint32_t depth) {
    const std::uint64_t shown =
        parts.items.size() > options_.most_items ? options_.most_items : parts.items.size();
    if (parts.items.size() > shown) {
      stack_.push_back({.depth = depth, .omitted = parts.items.size() - shown});
    }
    for (std::uint64_t k = shown; k-- > 0;) push(std::move(parts.items[k]), depth);
    for (std::size_t k = parts.attributes.size(); k-- > 0;) {
      push(std::move(parts.attributes[k]), depth);
    }
  }

  Child child_at(std::string name, Tape::Index json, NodeId parent) const {
    const NodeId id = graph_.node_at(json);
    return {std::move(name), id,
            id != no_node && graph_.node(id).json == json && graph_.node(id).parent == parent};
  }

  static std::string key_name(std::string_view key, bool attribute) {
    if (attribute && key.size() <= 80 && is_identifier(key)) return std::string(key);
    return '[' + quoted(key, 80) + ']';
  }

  void add_map(Parts& parts, NodeId owner, Tape::Index map, bool attributes) const {
    const Tape& tape = graph_.tape();
    if (map == Tape::none || tape.kind(map) != JsonKind::object) return;
    auto& to = attributes ? parts.attributes : parts.items;
    for (Tape::Index k = tape.first(map); k != tape.next(map); k = tape.next(k + 1)) {
      Child child = child_at(key_name(tape.text(k), attributes), k + 1, owner);
      if (child.id != no_node) to.push_back(std::move(child));
    }
  }

  // A field that holds the object itself: an object's state, a defaultdict's dict. Its entries are
  // shown in its place; one level, so that the nesting of a file costs no stack.
  bool add_entries_of(Parts& parts, NodeId id, bool attributes) const {
    const LoaderLayout* layout = graph_.layout(id);
    if (layout == nullptr) return false;
    for (const LoaderField& field : layout->fields) {
      if (field.kind != FieldKind::map) continue;
      add_map(parts, id, graph_.field(id, field.path), attributes);
      return true;
    }
    return false;
  }

  void add_field(Parts& parts, NodeId id, const LoaderField& field) const {
    const Tape& tape = graph_.tape();
    const Tape::Index at = graph_.field(id, field.path);
    if (at == Tape::none) return;
    const std::string_view last = std::string_view(field.path).substr(field.path.rfind('.') + 1);
    switch (field.kind) {
      case FieldKind::node: {
        Child child = child_at(std::string(last), at, id);
        if (child.id == no_node) return;
        if (field.step != PathStep::name && child.described_here &&
            add_entries_of(parts, child.id, field.step == PathStep::state)) {
          return;
        }
        parts.attributes.push_back(std::move(child));
        return;
      }
      case FieldKind::nodes: {
        if (tape.kind(at) != JsonKind::array) return;
        std::uint64_t number = 0;
        for (Tape::Index i = tape.first(at); i != tape.next(at); i = tape.next(i)) {
          Child child = child_at('[' + std::to_string(number++) + ']', i, id);
          if (child.id != no_node) parts.items.push_back(std::move(child));
        }
        return;
      }
      case FieldKind::map: return add_map(parts, id, at, false);
      case FieldKind::member:
        if (tape.kind(at) == JsonKind::string) parts.member = tape.text(at);
        return;
      case FieldKind::text:
        if (tape.kind(at) == JsonKind::string) {
          parts.text = python_text(tape.text(at));
          parts.json = strict_json(tape.text(at));
        }
        return;
      case FieldKind::name:
        if (tape.kind(at) == JsonKind::string) {
          if (!parts.text.empty()) parts.text += '.';
          parts.text += tape.text(at);
        }
        return;
      case FieldKind::json: return;
    }
  }

  // The text if every JSON reader takes it (Python's NaN is none), otherwise nothing.
  static std::string strict_json(std::string_view text) {
    try {
      Budget budget{Limits{}};
      parse_json(text, budget, Dialect::schema, "");
      return std::string(text);
    } catch (const Error&) {
      return {};
    }
  }

  Parts parts_of(NodeId id) const {
    Parts parts;
    if (const LoaderLayout* layout = graph_.layout(id)) {
      const bool map = std::any_of(layout->fields.begin(), layout->fields.end(),
                                   [](const LoaderField& f) { return f.kind == FieldKind::map; });
      for (const LoaderField& field : layout->fields) {
        // Beside a map stand the types of its keys, which the keys show.
        if (!map || field.kind != FieldKind::node) add_field(parts, id, field);
      }
    } else if (const auto below = below_unknown_.find(id); below != below_unknown_.end()) {
      const std::size_t prefix = graph_.path(id).size();
      for (const NodeId child : below->second) {
        std::string path = graph_.path(child);
        path.erase(0, std::min(path.size(), prefix));
        if (path.starts_with('.')) path.erase(0, 1);
        parts.items.push_back({std::move(path), child});
      }
    }
    parts.count = parts.items.size();
    return parts;
  }

  const Graph& graph_;
  const ShowOptions& options_;
  std::unordered_map<NodeId, std::vector<NodeId>> below_unknown_;
  std::vector<bool> seen_;
  std::vector<Pending> stack_;
  std::vector<Shown> out_;
};

}  // namespace

std::vector<Shown> show(const Host& host, const File& file, const ShowOptions& options) {
  const auto graph = host.graph(file);
  return Outline(*graph, options).run();
}

Origin origin(const Host& host, const File& file) {
  const auto graph = host.graph(file);
  return {graph->protocol(), std::string(graph->skops_version()), graph->size()};
}

}  // namespace skops
