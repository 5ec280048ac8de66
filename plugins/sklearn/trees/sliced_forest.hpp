// Trees of at most 64 leaves, evaluated 64 rows at a time (sliced_kernels.hpp). For batches; a
// Forest walks single rows faster.
//
// Built from the same sources as a Forest: its keys are either those of float32 numbers (keys.hpp)
// or codes of one byte, as RankColumns makes them.
#pragma once

#include <vector>

#include "trees/forest.hpp"
#include "trees/sliced_kernels.hpp"

namespace skops_sklearn::trees {

class SlicedForest {
 public:
  enum class Tiles { numbers, codes };

  SlicedForest() = default;
  SlicedForest(Tiles tiles, std::size_t columns, std::size_t targets)
      : tiles_(tiles), columns_(columns), targets_(targets) {}

  // False where the tree is too large; the forest is then of no use.
  template <class Source>
  bool add(const Source& source);

  bool empty() const { return trees_.empty(); }
  std::size_t columns() const { return columns_; }
  std::size_t targets() const { return targets_; }
  // Adds the trees [first, last) to acc[target * 64 + row].
  void add_to(const SlicedKernels& kernels, const float* tile, std::size_t first, std::size_t last,
              double* acc) const {
    kernels.numbers(&trees_[first], last - first, nodes_.data(), values_.data(), tile, acc);
  }
  void add_to(const SlicedKernels& kernels, const std::uint8_t* tile, std::size_t first,
              std::size_t last, double* acc) const {
    kernels.codes(&trees_[first], last - first, nodes_.data(), values_.data(), tile, acc);
  }
  template <class T>
  void add_to(const T* tile, std::size_t first, std::size_t last, double* acc) const {
    add_to(sliced_kernels(), tile, first, last, acc);
  }

 private:
  Tiles tiles_ = Tiles::numbers;
  std::size_t columns_ = 0, targets_ = 1;
  std::vector<SlicedTree> trees_;
  std::vector<SlicedNode> nodes_;
  std::vector<double> values_;
};

template <class Source>
bool SlicedForest::add(const Source& source) {
  // Breadth first: `order` holds the source's inner nodes, each with its place in its parent.
  std::size_t order[most_sliced_leaves], inner = 0, leaves = 0;
  const std::size_t first_node = nodes_.size(), first_value = values_.size();
  const auto number = [&](std::size_t node) -> int {
    if (source.leaf(node)) {
      if (leaves == most_sliced_leaves) return -1;
      values_.push_back(0);
      source.value(node, &values_.back());
      return static_cast<int>(64 + leaves++);
    }
    if (inner + 1 == most_sliced_leaves) return -1;
    order[inner] = node;
    return static_cast<int>(inner++);
  };
  number(0);
  for (std::size_t k = 0; k < inner; ++k) {
    const Split split = source.split(order[k]);
    const int left = number(split.left), right = number(split.right);
    if (left < 0 || right < 0 || split.column > UINT16_MAX) return false;
    SlicedNode node{};
    if (tiles_ == Tiles::numbers) {
      node.threshold.number = number_of(split.key);
    } else {
      node.threshold.code = split.key;
    }
    node.column = static_cast<std::uint16_t>(split.column);
    node.left = static_cast<std::uint8_t>(left);
    node.right = static_cast<std::uint8_t>(right);
    nodes_.push_back(node);
  }
  std::size_t padded = 8;
  while (padded < leaves) padded *= 2;
  values_.resize(first_value + padded);
  trees_.push_back({static_cast<std::uint32_t>(first_node), static_cast<std::uint8_t>(inner),
                    static_cast<std::uint8_t>(leaves),
                    static_cast<std::uint16_t>(trees_.size() % targets_),
                    static_cast<std::uint32_t>(first_value)});
  return true;
}

}  // namespace skops_sklearn::trees
