// The classes and functions that nodes name, imported.
//
// A name is had only for a node of the approved graph: its own module and class, or what its
// loader's declaration says that it brings in, read where the audit read it. There is no function
// from text to object, so the name that was audited is the name that is used. Where it leads to
// something that is always refused under a name of its own (`from os import system`), it is refused
// all the same. Modules are looked up once a load.
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
  // `approved` must outlive it. `lifted`: names that are refused no more (Policy::trust_refused).
  ApprovedNames(const skops::ApprovedGraph& approved, std::vector<std::string> lifted);

  // What the node's module and class name. Throws PythonError (ImportError, AttributeError).
  Ref of(skops::NodeId node);
  // What the node brings in by this part of its loader's declaration.
  Ref brought(skops::NodeId node, const skops::BroughtName& brought);
  // The method of `owner` whose name was audited on this node.
  Ref method(skops::NodeId node, const skops::BroughtName& brought, PyObject* owner);

 private:
  void check(skops::NodeId node) const;
  // Refuses what `name` led to where it is a module, or has a name of its own that is always
  // refused.
  void check_found(skops::NodeId node, const std::string& name, PyObject* found) const;

  const skops::ApprovedGraph& approved_;
  std::vector<std::string> lifted_;
  std::vector<Ref> modules_;  // by the numbers of the graph's names
};

}  // namespace skops_python
