// sklearn.neighbors.KDTree and BallTree as neighbour models store them.
//
// Their state is a tuple (data, idx_array, node_data, node_bounds, leaf_size, n_levels, n_nodes, …,
// dist_metric, sample_weight). Only idx_array is taken, the order of the rows in the tree: all else
// follows from the training data and is made again (neighbors/binary_tree.hpp), so there is nothing
// in a file that could lie.
#pragma once

#include <vector>

#include "define.hpp"

namespace skops_sklearn {

class StoredTree : public skops::sdk::Estimator {
 public:
  explicit StoredTree(const skops::sdk::Attributes& self);
  std::vector<skops::sdk::Method> methods() const override { return {}; }
  void call(skops::sdk::Method, const skops::sdk::Input&, const skops::sdk::Options&,
            skops::sdk::Output&) const override {}
  const std::vector<std::int64_t>& order() const { return order_; }

 private:
  std::vector<std::int64_t> order_;
};

// The order of the tree in an attribute; empty where the value is no tree.
std::vector<std::int64_t> stored_order(const skops::sdk::Value& tree);

}  // namespace skops_sklearn
