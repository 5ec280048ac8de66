// Attribute paths as people read them, from the steps that the graph recorded.
#include <algorithm>

#include "graph/dotted_name.hpp"
#include "graph/graph.hpp"

namespace skops {
namespace {

// A key may be megabytes long, and paths are printed for many nodes.
constexpr std::size_t longest_key = 80;

void append_key(std::string& path, std::string_view key, bool attribute) {
  if (attribute && key.size() <= longest_key && is_identifier(key)) {
    if (!path.empty()) path += '.';
    path += key;
    return;
  }
  path += "['";
  std::size_t end = std::min(key.size(), longest_key);
  // Not within a character: paths stand in JSON.
  while (end < key.size() && (static_cast<unsigned char>(key[end]) & 0xc0) == 0x80) --end;
  for (const char c : key.substr(0, end)) {
    if (c == '\'' || c == '\\') path += '\\';
    path += c;
  }
  path += key.size() > longest_key ? "...']" : "']";
}

void append_number(std::string& path, Tape::Index number) {
  path += '[' + std::to_string(number) + ']';
}

}  // namespace

// Below an unknown loader the path is the JSON's own.
void Graph::append_json_steps(std::string& path, Tape::Index from, Tape::Index to) const {
  while (from != to) {
    const bool object = tape_.kind(from) == JsonKind::object;
    Tape::Index number = 0;
    Tape::Index child = tape_.first(from) + (object ? 1 : 0);
    while (tape_.next(child) <= to) {
      child = tape_.next(child) + (object ? 1 : 0);
      ++number;
    }
    if (object) {
      append_key(path, tape_.text(child - 1), true);
    } else {
      append_number(path, number);
    }
    from = child;
  }
}

void Graph::append_step(std::string& path, NodeId parent, std::uint32_t field,
                        Tape::Index step) const {
  const LoaderLayout* layout = this->layout(parent);
  if (layout == nullptr) return append_json_steps(path, nodes_[parent].json, step);
  if (field >= layout->fields.size()) return;
  const LoaderField& read = layout->fields[field];
  if (read.step == PathStep::name) {
    append_key(path, std::string_view(read.path).substr(read.path.rfind('.') + 1), true);
  }
  if (step == Tape::none) return;
  if (read.kind == FieldKind::nodes) append_number(path, step);
  if (read.kind == FieldKind::map) {
    // The entries of the dict that is an object's state are the object's attributes.
    const NodeId owner = nodes_[parent].parent;
    const LoaderLayout* outer = owner == no_node ? nullptr : this->layout(owner);
    const std::uint32_t held = nodes_[parent].field;
    const bool state = outer != nullptr && held < outer->fields.size() &&
                       outer->fields[held].step == PathStep::state;
    append_key(path, tape_.text(step), state);
  }
}

std::string Graph::place(NodeId parent, std::uint32_t field, Tape::Index step) const {
  std::vector<NodeId> line;
  for (NodeId id = parent; nodes_[id].parent != no_node; id = nodes_[id].parent) line.push_back(id);
  std::string path;
  for (auto id = line.rbegin(); id != line.rend(); ++id) {
    append_step(path, nodes_[*id].parent, nodes_[*id].field, nodes_[*id].step);
  }
  append_step(path, parent, field, step);
  return path;
}

std::string Graph::path(NodeId id) const {
  const Node& node = nodes_[id];
  return node.parent == no_node ? std::string() : place(node.parent, node.field, node.step);
}

}  // namespace skops
