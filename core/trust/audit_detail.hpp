// What an audit holds beyond what it shows: which name each node uses, for approving the graph.
#pragma once

#include "graph/graph.hpp"
#include "skops/audit.hpp"
#include "trust/node_kinds.hpp"

namespace skops {

struct Audit::Detail {
  struct Group : NodeKind {
    std::uint32_t name;  // in `names`
  };

  const Graph* graph = nullptr;  // only compared, never followed
  std::string file, root;
  std::vector<AuditedName> names;
  std::vector<Finding> findings;
  std::vector<Group> groups;
  std::vector<std::uint32_t> group_of_node;
  // Nodes that bring in a name which may not be built, or cannot be read.
  std::vector<NodeId> blocked;
};

}  // namespace skops
