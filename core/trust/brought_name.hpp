// A name that a node brings in besides its own class, as the file writes it. The audit decides
// about it, and a builder uses it: both read it here, so that the name audited is the name used.
#pragma once

#include <string>

#include "graph/graph.hpp"
#include "manifest/manifest.hpp"

namespace skops {

struct BroughtText {
  std::string module;  // of a method: the module of the node's class
  std::string name;    // of a method: its own, without the class
};

// The parts are empty where the file does not say them, or too long to be names.
BroughtText brought_text(const Graph& graph, NodeId node, const BroughtName& brought);

}  // namespace skops
