// scikit-learn's trees as sources of a Forest (forest.hpp): columns are features, keys are those of
// float32 numbers, and a leaf's value is whatever `Value(node, double*)` writes.
#pragma once

#include <span>

#include "trees/forest.hpp"
#include "trees/records.hpp"

namespace skops_sklearn::trees {

template <class Value>
class TreeSource {
 public:
  // `columns` maps the tree's features to those of the tiles; empty means the same.
  TreeSource(const TreeRecords& nodes, Value value, std::span<const std::uint32_t> columns = {})
      : nodes_(nodes), value_(value), columns_(columns) {}

  bool leaf(std::size_t i) const { return nodes_.is_leaf(i); }
  Split split(std::size_t i) const {
    const auto feature = static_cast<std::uint32_t>(nodes_.feature(i));
    return {columns_.empty() ? feature : columns_[feature], threshold_key(nodes_.threshold(i)),
            static_cast<std::size_t>(nodes_.left(i)), static_cast<std::size_t>(nodes_.right(i))};
  }
  void value(std::size_t i, double* out) const { value_(i, out); }

 private:
  const TreeRecords& nodes_;
  Value value_;
  std::span<const std::uint32_t> columns_;
};

}  // namespace skops_sklearn::trees
