// A node graph that was read, copied into a draft: each node once, with all that it holds, so that
// what was one object stays one.
//
//   GraphCopy copy(graph, members, draft, states);
//   Draft::Handle root = copy.node(0);
//
// Whoever copies may put something else in the place of a node (`Instead`), such as what a plugin's
// serializer makes of it. Nothing is built and no plugin code runs otherwise. The parts given must
// outlive the copy.
//
// Throws skops::Error: `unsupported` for nodes whose loader nobody describes
// ("save.unknown-loader"), that mean something else in files written today ("save.protocol"), or
// with a field that no draft can hold ("save.unread-node"); `malformed` for members that are
// missing; `limit` where the members of all nodes, each counted as often as it is named, are larger
// than Limits::allocated_bytes.
#pragma once

#include <functional>
#include <vector>

#include "graph/graph.hpp"
#include "skops/limits.hpp"
#include "writer/draft.hpp"
#include "writer/member_source.hpp"
#include "writer/object_states.hpp"

namespace skops {

class GraphCopy {
 public:
  // The handle that stands for a node; 0: its copy does.
  using Instead = std::function<Draft::Handle(NodeId)>;

  GraphCopy(const Graph& graph, MemberSource& members, const LoaderTable& loaders,
            const Limits& limits, Draft& draft, ObjectStates& states, Instead instead = {});

  // What stands for the node, made at the first call.
  Draft::Handle node(NodeId id);
  // The copy of the node itself. Its children go through `node`.
  Draft::Handle copy(NodeId id);

 private:
  void check(NodeId id) const;
  void copy_fields(NodeId id, Draft::Handle to, Tape::Index object, const std::string& prefix);
  void copy_field(NodeId id, Draft::Handle to, Tape::Index value, const LoaderField& field);
  bool copy_dict(NodeId id, Draft::Handle& to);
  void copy_member(NodeId id, Draft::Handle to, Tape::Index name, const std::string& field);
  Draft::Handle child(Tape::Index json);

  const Graph& graph_;
  const Tape& tape_;
  MemberSource& members_;
  const LoaderTable& loaders_;
  Draft& draft_;
  ObjectStates& states_;
  Budget copied_;  // bytes of members
  Instead instead_;
  std::vector<Draft::Handle> made_;  // per node; 0: not yet
};

}  // namespace skops
