// The node graph of a schema: what every other part (audit, show, compare, build) passes over.
//
// A node describes one Python object. Its JSON stays on the tape; the graph adds who it is (loader,
// module, class as interned names), where it hangs (parent and step), and which JSON objects stand
// for the same node. Nodes are numbered in the visiting order of released skops, the root being 0;
// a parent's number is smaller than its children's.
//
// Aliases are handles: a second JSON object with an `__id__` seen before (a bare `{"__id__": 7}`,
// or a full copy as released skops writes them) has no node of its own, `node_at` gives the first
// one. A full copy must equal the first node but for the ids nested in it; archive members that
// copies name differently are listed by `equal_members`, for whoever can read them.
//
// An unknown loader is not an error: the nodes in its JSON are found in document order and kept, so
// that every file can be looked at; `known` tells.
//
// Refused with skops::Error: `Family::malformed` (codes `graph.*`), `Family::limit`, and
// `Family::unsupported` for protocols of the future. Time and memory are linear in the schema.
// After building, a graph is read only and may be shared between threads. The schema's text must
// outlive it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/loader_table.hpp"
#include "schema/tape.hpp"

namespace skops {

class Budget;

using NodeId = std::uint32_t;
inline constexpr NodeId no_node = ~NodeId{0};

struct Node {
  std::uint32_t loader, module, cls;  // numbers of names
  Tape::Index json;                   // the JSON object
  NodeId parent;                      // no_node for the root
  // Where in the parent: the element's number in a field of `nodes`, the key's tape index in a
  // `map`, the JSON object itself below an unknown loader.
  Tape::Index step;
  std::uint32_t field;   // the number of the field in the parent's layout
  std::uint32_t layout;  // this node's own layout, or Tape::none for an unknown loader
};

// A back reference to a node that contains the reference.
struct CyclicEdge {
  NodeId from;     // the node that holds the reference
  Tape::Index at;  // the reference's JSON object
  NodeId to;
};

struct GraphOptions {
  // Keep cycles (`cyclic_edges`) instead of refusing them. Only for passes that know how to stop.
  bool keep_cycles = false;
};

class Graph {
 public:
  // `text` is schema.json; `loaders` is read only while building; its layouts are shared.
  static Graph build(std::string_view text, Budget& budget, const LoaderTable& loaders,
                     GraphOptions options = {});

  std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_.size()); }
  const Node& node(NodeId id) const { return nodes_[id]; }
  const Tape& tape() const { return tape_; }

  std::string_view loader(NodeId id) const { return name(nodes_[id].loader); }
  std::string_view module(NodeId id) const { return name(nodes_[id].module); }
  std::string_view cls(NodeId id) const { return name(nodes_[id].cls); }
  // Equal numbers mean equal texts; valid for the numbers in Node.
  std::string_view name(std::uint32_t number) const { return tape_.text(names_[number]); }
  std::uint32_t names() const { return static_cast<std::uint32_t>(names_.size()); }

  // The node that a JSON object is or refers to, or no_node when it is neither, or lies in a copy
  // or in a field that no loader reads.
  NodeId node_at(Tape::Index json) const { return at_[json]; }

  // The JSON value of a field by its dotted name, or Tape::none.
  Tape::Index field(NodeId id, std::string_view dotted) const;
  Tape::Index field(NodeId id, const LoaderField& field) const {
    return field.key == SchemaKey::other ? this->field(id, field.path)
                                         : tape_.find(nodes_[id].json, field.key);
  }

  // Whether something else refers to the node than the place where it is described.
  bool shared(NodeId id) const { return shared_[id]; }

  // Whether the loader is known, and what it reads (nullptr when unknown).
  bool known(NodeId id) const { return nodes_[id].layout != Tape::none; }
  const LoaderLayout* layout(NodeId id) const {
    return known(id) ? layouts_[nodes_[id].layout].get() : nullptr;
  }

  const LoaderLayout& layout_of(const Node& node) const { return *layouts_[node.layout]; }

  // The attribute path that people read: `steps[1][1].tree_`; empty for the root. Long keys are
  // shortened.
  std::string path(NodeId id) const;

  int protocol() const { return protocol_; }
  std::string_view skops_version() const;

  // Pairs of member names (tape indices of strings) that copies of one node give differently. The
  // copies are equal only if the members' bytes are.
  const std::vector<std::pair<Tape::Index, Tape::Index>>& equal_members() const {
    return equal_members_;
  }
  const std::vector<CyclicEdge>& cyclic_edges() const { return cyclic_edges_; }

  // The number of JSON objects that refer to a node described elsewhere.
  std::uint32_t aliases() const { return aliases_; }
  // Bytes held, the text not included.
  std::size_t memory() const;

 private:
  friend class GraphBuilder;
  friend class CopyComparison;

  std::string place(NodeId parent, std::uint32_t field, Tape::Index step) const;
  void append_step(std::string& path, NodeId parent, std::uint32_t field, Tape::Index step) const;
  void append_json_steps(std::string& path, Tape::Index from, Tape::Index to) const;

  Tape tape_;
  std::vector<Node> nodes_;
  std::vector<NodeId> at_;  // per tape entry
  std::vector<bool> shared_;
  std::vector<Tape::Index> names_;
  std::vector<std::shared_ptr<const LoaderLayout>> layouts_;  // the ones in use
  std::vector<std::pair<Tape::Index, Tape::Index>> equal_members_;
  std::vector<CyclicEdge> cyclic_edges_;
  std::uint32_t aliases_ = 0;
  int protocol_ = 0;
};

}  // namespace skops
