// What an audit holds beyond what it shows: which name each node uses, for approving the graph.
#pragma once

#include "graph/graph.hpp"
#include "manifest/manifest.hpp"
#include "skops/audit.hpp"

namespace skops {

struct Audit::Detail {
  // Nodes that agree in loader, module and class, and so in everything that is decided here.
  struct Group {
    std::uint32_t loader, module, cls;  // numbers of the graph's names
    std::uint32_t name;                 // in `names`
    // The loader's declaration, null for an unknown one, and whose it is: of the host's registry.
    const LoaderEntry* entry;
    const Manifest* manifest;
    bool contents_checked;
  };

  const Graph* graph = nullptr;  // only compared, never followed
  std::vector<AuditedName> names;
  std::vector<Finding> findings;
  std::vector<Group> groups;
  std::vector<std::uint32_t> group_of_node;
  // Nodes that bring in a name which may not be built, or cannot be read.
  std::vector<NodeId> blocked;
};

}  // namespace skops
