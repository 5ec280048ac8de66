// A node graph as schema.json in its compact form.
//
// Nodes get the ids 1, 2, 3, … in the visiting order of released skops; a node is written in full
// where a reader meets it first, and as {"__id__": n} everywhere else. Equal values that cannot
// change, equal types and functions, and equal lists of key types become one node; plain data becomes
// JSON text (plain_data.hpp). Nodes that can change stay as many as they were, so that objects that
// were one stay one, and objects that were two stay two. docs/format.md has the rules and why each
// is safe.
//
// Throws skops::Error: `unsupported` for unknown loaders, whose visiting order nobody knows, and for
// ids where no loader reads; `limit` where the schema would become longer than may be read.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "graph/graph.hpp"
#include "skops/limits.hpp"
#include "writer/member_names.hpp"
#include "writer/plain_data.hpp"

namespace skops {

class SchemaWriter {
 public:
  SchemaWriter(const Graph& graph, const Limits& limits, MemberNames& members);

  std::string run();

 private:
  void find_equal_nodes();
  // What two nodes must agree on to be one; empty for nodes that are never merged.
  std::string key_of(NodeId node);
  void visit(Tape::Index json, std::uint32_t depth);
  void visit_fields(NodeId node, std::uint32_t depth);
  void mark_in_place(NodeId node);

  void write(Tape::Index json, std::uint32_t depth);
  void write_node(Tape::Index json, NodeId node, std::uint32_t depth);
  void write_members_of(Tape::Index object, std::uint32_t depth, bool first);
  std::string_view new_member_name(Tape::Index string) const;
  void check_size() const;
  [[noreturn]] void too_deep() const;

  const Graph& graph_;
  const Tape& tape_;
  const Limits& limits_;
  MemberNames& members_;
  std::vector<std::uint32_t> references_;
  PlainData plain_;
  std::vector<NodeId> same_as_;        // per node: the first of those that are equal to it
  std::vector<Tape::Index> place_;     // per first node: where it is written in full
  std::vector<std::uint32_t> ids_;     // per first node; 0: not written
  std::uint32_t last_id_ = 0;
  std::unordered_set<Tape::Index> in_place_;  // written in full although a reference would do
  std::vector<std::pair<Tape::Index, const std::string*>> member_fields_;  // sorted
  std::string out_;
};

}  // namespace skops
