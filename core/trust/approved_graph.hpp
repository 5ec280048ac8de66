// A graph that the policy lets pass: the only thing that models are built from.
//
// Only the two functions below make one, from the very graph that was audited, and KnownNames,
// which remembers what audits said. A builder asks per node whether the name audited there may be
// built; there is no function from text to type.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "manifest/manifest.hpp"
#include "skops/audit.hpp"
#include "skops/policy.hpp"
#include "trust/node_kinds.hpp"

namespace skops {

class ApprovedGraph {
 public:
  const std::shared_ptr<const Graph>& graph() const { return graph_; }
  // Whether the name of this node may be built; the names of all others are inert data.
  bool buildable(NodeId node) const {
    return node < kind_of_node_.size() && (buildable_.empty() || buildable_[node]);
  }
  const std::vector<NodeKind>& kinds() const { return kinds_; }
  std::uint32_t kind_of(NodeId node) const { return kind_of_node_[node]; }

 private:
  friend ApprovedGraph approve_native(std::shared_ptr<const Graph>, const Audit&);
  friend ApprovedGraph approve_objects(std::shared_ptr<const Graph>, const Audit&);
  friend class KnownNames;
  ApprovedGraph(std::shared_ptr<const Graph> graph, std::vector<bool> buildable,
                std::vector<NodeKind> kinds, std::vector<std::uint32_t> kind_of_node)
      : graph_(std::move(graph)),
        buildable_(std::move(buildable)),
        kinds_(std::move(kinds)),
        kind_of_node_(std::move(kind_of_node)) {}

  std::shared_ptr<const Graph> graph_;
  std::vector<bool> buildable_;  // empty: all
  std::vector<NodeKind> kinds_;
  std::vector<std::uint32_t> kind_of_node_;
};

// Every name of the graph. Linear in the nodes; names are decided once each. `file` is what reports
// call the file.
Audit audit_graph(const Graph& graph, std::span<const Manifest> manifests, const Policy& policy,
                  std::string file = {});

// For native models: throws skops::Error (untrusted, "trust.denied") where a rule refuses the file.
ApprovedGraph approve_native(std::shared_ptr<const Graph> graph, const Audit& audit);
// For Python objects: throws (untrusted, "trust.undecided" or "trust.denied"; malformed for other
// findings) unless the audit is ok.
ApprovedGraph approve_objects(std::shared_ptr<const Graph> graph, const Audit& audit);

}  // namespace skops
