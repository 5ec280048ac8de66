// The classes and functions that nodes name, imported.
//
// A name is had only for a node of the approved graph: its own module and class, or what its
// loader's declaration says that it brings in, read where the audit read it. There is no function
// from text to object, so the name that was audited is the name that is used. What a module has
// under that name may call itself otherwise: its own name is looked at, too
// (trust/actual_names.hpp), and modules are no objects of files. Modules are looked up once a load.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "manifest/manifest.hpp"
#include "python.hpp"
#include "trust/actual_names.hpp"
#include "trust/approved_graph.hpp"

namespace skops_python {

class ApprovedNames {
 public:
  // `approved` must outlive it, as what `actual` refers to must.
  ApprovedNames(const skops::ApprovedGraph& approved, skops::ActualNames actual);

  // What the node's module and class name. Throws PythonError (ImportError, AttributeError), and
  // skops::Error (untrusted) where it is something that stays refused or is denied.
  Ref of(skops::NodeId node);
  // What the node brings in by this part of its loader's declaration.
  Ref brought(skops::NodeId node, const skops::BroughtName& brought);
  // The method of `owner` whose name was audited on this node.
  Ref method(skops::NodeId node, const skops::BroughtName& brought, PyObject* owner);

 private:
  void check(skops::NodeId node) const;
  void check_actual(skops::NodeId node, std::string_view module, std::string_view name,
                    PyObject* found);

  const skops::ApprovedGraph& approved_;
  skops::ActualNames actual_;
  std::vector<Ref> modules_;  // by the numbers of the graph's names
};

}  // namespace skops_python
