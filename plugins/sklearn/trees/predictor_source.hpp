// Histogram boosting's trees as sources of a Forest or SlicedForest, over rank columns.
#pragma once

#include <vector>

#include "trees/forest.hpp"
#include "trees/rank_columns.hpp"
#include "trees/records.hpp"

namespace skops_sklearn::trees {

// What the categorical splits of an ensemble know of its categories: of each feature, its known
// categories (all clear for numerical ones).
class PredictorSource {
 public:
  // Declares the tree's splits; `bitsets` is its raw_left_cat_bitsets, checked to be large enough.
  PredictorSource(const PredictorRecords& nodes, const std::vector<Bitset>& bitsets,
                  const std::vector<Bitset>& known, RankColumns& columns)
      : nodes_(&nodes), columns_(&columns) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (nodes.is_leaf(i)) continue;
      const auto feature = static_cast<std::size_t>(nodes.feature(i));
      if (nodes.is_categorical(i)) {
        if (categories_.empty()) categories_.resize(nodes.size());
        categories_[i] = columns.declare(feature, bitsets[nodes.bitset(i)], known[feature],
                                         nodes.missing_left(i));
      } else {
        columns.declare(feature, nodes.threshold(i), nodes.missing_left(i));
      }
    }
  }

  bool leaf(std::size_t i) const { return nodes_->is_leaf(i); }
  Split split(std::size_t i) const {
    const auto feature = static_cast<std::size_t>(nodes_->feature(i));
    if (nodes_->is_categorical(i)) {
      return {columns_->column(categories_[i]), 0, nodes_->left(i), nodes_->right(i)};
    }
    return {columns_->column(feature, nodes_->missing_left(i)),
            columns_->rank(feature, nodes_->threshold(i)), nodes_->left(i), nodes_->right(i)};
  }
  void value(std::size_t i, double* out) const { *out = nodes_->value(i); }

 private:
  const PredictorRecords* nodes_;
  RankColumns* columns_;
  std::vector<std::uint32_t> categories_;
};

}  // namespace skops_sklearn::trees
