#include "neighbors/binary_tree.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "neighbors/neighbor_heap.hpp"

namespace skops_sklearn::neighbors {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Levels as scikit-learn computes them, so that leaves hold leaf_size to 2 * leaf_size rows.
std::size_t level_count(std::size_t n, std::size_t leaf_size) {
  const double ratio = std::max(1.0, static_cast<double>(n - 1) / static_cast<double>(leaf_size));
  return static_cast<std::size_t>(std::log2(ratio) + 1);
}

void check_order(std::span<const std::int64_t> order, std::size_t n) {
  if (order.size() != n) throw std::invalid_argument("the tree's order has another length");
  std::vector<bool> seen(n, false);
  for (const std::int64_t i : order) {
    if (i < 0 || static_cast<std::size_t>(i) >= n || seen[static_cast<std::size_t>(i)]) {
      throw std::invalid_argument("the tree's order is not a permutation of the rows");
    }
    seen[static_cast<std::size_t>(i)] = true;
  }
}

bool kd_metric(const Metric& m) {
  return m.kind == MetricKind::kEuclidean || m.kind == MetricKind::kManhattan ||
         m.kind == MetricKind::kChebyshev ||
         (m.kind == MetricKind::kMinkowski && m.weights.empty());
}

}  // namespace

struct BinaryTree::Search {
  const double* x;
  std::size_t k;
  double* distances;
  std::int64_t* indices;
};

BinaryTree::BinaryTree(TreeKind kind, Metric metric, std::span<const double> rows, std::size_t dim,
                       std::size_t leaf_size, std::span<const std::int64_t> order)
    : kind_(kind), metric_(std::move(metric)), dim_(dim) {
  if (dim == 0 || rows.empty() || rows.size() % dim != 0 || leaf_size == 0) {
    throw std::invalid_argument("a tree needs rows, features and a leaf size");
  }
  if (kind == TreeKind::kKd && !kd_metric(metric_)) {
    throw std::invalid_argument("a KD tree does not know this metric");
  }
  const std::size_t n = rows.size() / dim;
  // 2^levels - 1 nodes; levels <= log2(n) + 1, so this stays below 2n.
  const std::size_t n_nodes = (std::size_t{1} << level_count(n, leaf_size)) - 1;
  nodes_.resize(n_nodes);
  if (order.empty()) {
    order_.resize(n);
    std::iota(order_.begin(), order_.end(), std::int64_t{0});
  } else {
    check_order(order, n);
    order_.assign(order.begin(), order.end());
  }
  nodes_[0].end = n;
  for (std::size_t i = 0; i < n_nodes; ++i) {
    Node& node = nodes_[i];
    node.leaf = 2 * i + 1 >= n_nodes || node.end - node.begin < 2;
    if (node.leaf) continue;
    if (order.empty()) split(rows, i);
    const std::size_t middle = node.begin + (node.end - node.begin) / 2;
    nodes_[2 * i + 1] = {node.begin, middle, 0, false};
    nodes_[2 * i + 2] = {middle, node.end, 0, false};
  }
  rows_.resize(rows.size());
  for (std::size_t i = 0; i < n; ++i) {
    std::copy_n(rows.data() + static_cast<std::size_t>(order_[i]) * dim, dim,
                rows_.data() + i * dim);
  }
  bounds_.resize(n_nodes * dim * (kind == TreeKind::kKd ? 2 : 1));
  for (std::size_t i = 0; i < n_nodes; ++i) bound(i);
}

// Halves the widest feature of the node at its median; equal values go by index.
void BinaryTree::split(std::span<const double> rows, std::size_t node) {
  const auto begin = order_.begin() + static_cast<std::ptrdiff_t>(nodes_[node].begin);
  const auto end = order_.begin() + static_cast<std::ptrdiff_t>(nodes_[node].end);
  const auto value = [&](std::int64_t row, std::size_t f) {
    return rows[static_cast<std::size_t>(row) * dim_ + f];
  };
  std::size_t widest = 0;
  double width = 0;
  for (std::size_t f = 0; f < dim_; ++f) {
    double low = value(*begin, f), high = low;
    for (auto i = begin; i != end; ++i) {
      low = std::min(low, value(*i, f));
      high = std::max(high, value(*i, f));
    }
    if (high - low > width) {
      width = high - low;
      widest = f;
    }
  }
  std::nth_element(begin, begin + (end - begin) / 2, end, [&](std::int64_t a, std::int64_t b) {
    const double va = value(a, widest), vb = value(b, widest);
    return va == vb ? a < b : va < vb;
  });
}

void BinaryTree::bound(std::size_t i) {
  Node& node = nodes_[i];
  const double* first = rows_.data() + node.begin * dim_;
  const std::size_t n = node.end - node.begin;
  if (kind_ == TreeKind::kKd) {
    double* low = bounds_.data() + 2 * i * dim_;
    double* high = low + dim_;
    std::fill_n(low, dim_, kInfinity);
    std::fill_n(high, dim_, -kInfinity);
    for (std::size_t r = 0; r < n; ++r) {
      for (std::size_t f = 0; f < dim_; ++f) {
        low[f] = std::min(low[f], first[r * dim_ + f]);
        high[f] = std::max(high[f], first[r * dim_ + f]);
      }
    }
    return;
  }
  double* centre = bounds_.data() + i * dim_;
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t f = 0; f < dim_; ++f) centre[f] += first[r * dim_ + f];
  }
  for (std::size_t f = 0; f < dim_; ++f) centre[f] /= static_cast<double>(n);
  double radius = 0;
  for (std::size_t r = 0; r < n; ++r) {
    radius = std::max(radius, reduced_distance(metric_, centre, first + r * dim_, dim_));
  }
  node.radius = distance_of_reduced(metric_, radius);
}

// The smallest reduced distance that a row of the node can have.
double BinaryTree::lowest(std::size_t i, const double* x) const {
  if (kind_ == TreeKind::kBall) {
    const double d =
        distance_of_reduced(metric_, reduced_distance(metric_, x, bounds_.data() + i * dim_, dim_));
    return reduced_of_distance(metric_, std::max(0.0, d - nodes_[i].radius));
  }
  const double* low = bounds_.data() + 2 * i * dim_;
  const double* high = low + dim_;
  double sum = 0;
  for (std::size_t f = 0; f < dim_; ++f) {
    const double under = low[f] - x[f], over = x[f] - high[f];
    const double d = 0.5 * ((under + std::fabs(under)) + (over + std::fabs(over)));
    switch (metric_.kind) {
      case MetricKind::kEuclidean: sum += d * d; break;
      case MetricKind::kManhattan: sum += d; break;
      case MetricKind::kChebyshev: sum = std::max(sum, d); break;
      default: sum += std::pow(d, metric_.p);
    }
  }
  return sum;
}

void BinaryTree::visit_leaf(Search& search, const Node& node) const {
  const double* row = rows_.data() + node.begin * dim_;
  for (std::size_t i = node.begin; i < node.end; ++i, row += dim_) {
    double d = 0;
    if (metric_.kind == MetricKind::kEuclidean) {
      for (std::size_t f = 0; f < dim_; ++f) {
        d += (search.x[f] - row[f]) * (search.x[f] - row[f]);
      }
    } else {
      d = reduced_distance(metric_, search.x, row, dim_);
    }
    push_heap(search.distances, search.indices, search.k, d, order_[i]);
  }
}

// Recursion is as deep as the tree, at most log2(rows) + 1.
void BinaryTree::descend(Search& search, std::size_t i, double lowest_here) const {
  if (lowest_here > search.distances[0]) return;
  if (nodes_[i].leaf) return visit_leaf(search, nodes_[i]);
  const std::size_t left = 2 * i + 1, right = left + 1;
  const double left_lowest = lowest(left, search.x), right_lowest = lowest(right, search.x);
  if (left_lowest <= right_lowest) {
    descend(search, left, left_lowest);
    descend(search, right, right_lowest);
  } else {
    descend(search, right, right_lowest);
    descend(search, left, left_lowest);
  }
}

void BinaryTree::query(const double* x, std::size_t k, HeapSort sort, double* distances,
                       std::int64_t* indices) const {
  Search search{x, k, distances, indices};
  // scikit-learn's tree starts its heap at infinity.
  std::fill_n(distances, k, kInfinity);
  std::fill_n(indices, k, std::int64_t{0});
  descend(search, 0, lowest(0, x));
  sort_heap(distances, indices, k, sort);
}

}  // namespace skops_sklearn::neighbors
