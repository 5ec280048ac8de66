#include "graph/graph.hpp"

namespace skops {

Tape::Index Graph::field(NodeId id, std::string_view dotted) const {
  Tape::Index at = nodes_[id].json;
  while (true) {
    if (tape_.kind(at) != JsonKind::object) return Tape::none;
    const std::size_t dot = dotted.find('.');
    at = tape_.find(at, dotted.substr(0, dot));
    if (at == Tape::none || dot == dotted.npos) return at;
    dotted.remove_prefix(dot + 1);
  }
}

std::string_view Graph::skops_version() const {
  const Tape::Index version = tape_.find(Tape::root, "_skops_version");
  return version == Tape::none ? std::string_view() : tape_.text(version);
}

std::size_t Graph::memory() const {
  return tape_.memory() + nodes_.capacity() * sizeof(Node) + at_.capacity() * sizeof(NodeId) +
         names_.capacity() * sizeof(Tape::Index) +
         equal_members_.capacity() * sizeof(equal_members_[0]);
}

}  // namespace skops
