// The inner loops over tiles of 64 rows for trees of at most 64 leaves, one table of functions per
// instruction set.
//
// One comparison per inner node gives a mask of rows; masks flow from a node to its children; a
// row's leaf number is read off bit planes, one per bit of the number, and looked up.
#pragma once

#include <cstddef>
#include <cstdint>

namespace skops_sklearn::trees {

inline constexpr std::size_t slice_rows = 64, most_sliced_leaves = 64;

// Children below 64 are inner nodes of the same tree, others leaves (64 + number).
struct SlicedNode {
  union Threshold {
    float number;
    std::uint32_t code;
  } threshold;
  std::uint16_t column;
  std::uint8_t left, right;
};
static_assert(sizeof(SlicedNode) == 8);

struct SlicedTree {
  std::uint32_t first_node;
  std::uint8_t nodes, leaves;  // `nodes` inner nodes in an order that puts parents first
  std::uint16_t target;
  std::uint32_t first_value;  // a multiple of 8; values are padded to 8, 16, 32 or 64
};

struct SlicedKernels {
  // acc[target * 64 + row] += value of the row's leaf, tree after tree. tile[column * 64 + row];
  // goes left iff number <= threshold (NaN: right), or code <= threshold.
  void (*numbers)(const SlicedTree* trees, std::size_t n, const SlicedNode* nodes,
                  const double* values, const float* tile, double* acc);
  void (*codes)(const SlicedTree* trees, std::size_t n, const SlicedNode* nodes,
                const double* values, const std::uint8_t* tile, double* acc);
  // codes[i] = how many of the thresholds are < x[i], for 64 numbers; 0 for NaN. `levels` <= 8 and
  // 2^levels - 1 sorted thresholds in breadth-first order, padded with +inf.
  void (*ranks)(const double* thresholds, std::size_t levels, const double* x, std::uint8_t* codes);
};

// The best for this processor.
const SlicedKernels& sliced_kernels();

extern const SlicedKernels sliced_portable, sliced_avx2, sliced_avx512;

}  // namespace skops_sklearn::trees
