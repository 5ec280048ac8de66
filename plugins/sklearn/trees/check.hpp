// The invariants of stored trees, checked once so that walks need no check at all.
//
// A node is a leaf or has two different children, both with a larger index than its own: no walk
// can cycle. Every node has at most one parent, features are in range, the depth is recomputed.
#pragma once

#include <cstdint>

#include "trees/records.hpp"

namespace skops_sklearn::trees {

struct TreeFacts {
  std::uint32_t depth = 0;  // edges on the longest path from the root
  std::size_t leaves = 0;
};

// Throws Invalid. `max_depth` is what the file claims.
TreeFacts check_tree(const TreeRecords& nodes, std::size_t n_features, std::int64_t max_depth);

// `n_bitsets` is the number of rows of both bitset arrays.
TreeFacts check_predictor(const PredictorRecords& nodes, std::size_t n_features,
                          std::size_t n_bitsets);

// The depth of each node; the root has 0. For checked trees.
std::vector<std::uint32_t> node_depths(const TreeRecords& nodes);

}  // namespace skops_sklearn::trees
