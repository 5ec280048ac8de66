// The classes and functions that nodes name, imported.
//
// A name is had only for a node of the approved graph: its own module and class, or what its
// loader's declaration says that it brings in, read where the audit read it. There is no function
// from text to object, so the name that was audited is the name that is used. Modules are looked up
// once a load.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "manifest/manifest.hpp"
#include "python.hpp"
#include "trust/approved_graph.hpp"

namespace skops_python {

class ApprovedNames {
 public:
  // `approved` must outlive it.
  explicit ApprovedNames(const skops::ApprovedGraph& approved);

  // What the node's module and class name. Throws PythonError (ImportError, AttributeError).
  Ref of(skops::NodeId node);
  // What the node brings in by this part of its loader's declaration.
  Ref brought(skops::NodeId node, const skops::BroughtName& brought);
  // The text of a method's name that was audited on this node.
  Ref method_name(skops::NodeId node, const skops::BroughtName& brought);

 private:
  void check(skops::NodeId node) const;

  const skops::ApprovedGraph& approved_;
  std::vector<Ref> modules_;  // by the numbers of the graph's names
};

}  // namespace skops_python
