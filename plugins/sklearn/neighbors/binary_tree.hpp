// scikit-learn's KDTree and BallTree, searched depth first as `query` does by default.
//
// A tree is a permutation of the rows: node 0 holds all, node i splits its range in half between
// nodes 2i+1 and 2i+2, and n_levels follows from rows and leaf size. So the stored permutation is
// all that is taken from a file; bounds, centres and radii are recomputed from the rows. With the
// permutation that scikit-learn stored, neighbours come in its order, equal distances included.
//
// Rows are copied in the tree's order; searching changes nothing, so threads may share a tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "neighbors/metric.hpp"
#include "neighbors/neighbor_heap.hpp"

namespace skops_sklearn::neighbors {

enum class TreeKind { kKd, kBall };

class BinaryTree {
 public:
  // rows: n x dim, C order, n >= 1; leaf_size >= 1. `order` is a permutation of 0..n-1 (checked, a
  // std::invalid_argument otherwise) or empty: then the tree is built as scikit-learn would. A KD
  // tree takes euclidean, manhattan, chebyshev and unweighted minkowski only (checked).
  BinaryTree(TreeKind kind, Metric metric, std::span<const double> rows, std::size_t dim,
             std::size_t leaf_size, std::span<const std::int64_t> order);

  // The k nearest rows of one query, nearest first; 1 <= k <= n. `distances` are reduced ones.
  void query(const double* x, std::size_t k, HeapSort sort, double* distances,
             std::int64_t* indices) const;

  const Metric& metric() const { return metric_; }

 private:
  struct Node {
    std::size_t begin = 0, end = 0;
    double radius = 0;
    bool leaf = false;
  };
  struct Search;

  void split(std::span<const double> rows, std::size_t node);
  void bound(std::size_t node);
  double lowest(std::size_t node, const double* x) const;
  void descend(Search& search, std::size_t node, double lowest_here) const;
  void visit_leaf(Search& search, const Node& node) const;

  TreeKind kind_;
  Metric metric_;
  std::size_t dim_;
  std::vector<std::int64_t> order_;
  std::vector<double> rows_;  // in the tree's order
  std::vector<Node> nodes_;
  std::vector<double> bounds_;  // KD: lower, then upper, of each node; ball: centre of each node
};

}  // namespace skops_sklearn::neighbors
