// Brute-force search for the k nearest rows, dense.
//
// Euclidean distances are filtered in float32 and ranked again in float64. The filter works on rows
// moved to their mean and has a proven margin: a row whose float32 score exceeds the k-th best by
// more than the margin cannot be among the k nearest. What is left gets the float64 value that
// scikit-learn computes, |x|^2 - 2 x.y + |y|^2 with the dot product fused feature by feature as
// OpenBLAS's matrix product does. If two of the k + 1 first values are equal, their order depends
// on scikit-learn's heap, and the row is done again with the same heap in float64.
//
// Manhattan and chebyshev distances are vectorised, every other metric is a loop over rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/packed_points.hpp"
#include "kernels/vector_ops.hpp"
#include "neighbors/metric.hpp"
#include "neighbors/neighbor_heap.hpp"

namespace skops_sklearn::neighbors {

class BruteForce {
 public:
  // rows: n x dim, C order, 1 <= n < 2^32; they must outlive this object.
  BruteForce(Metric metric, std::span<const double> rows, std::size_t dim,
             const kernels::VectorOps& ops = kernels::vector_ops());

  // The k nearest rows of each query, nearest first; 1 <= k <= n. `distances` are reduced ones.
  void query(const double* x, std::size_t ldx, std::size_t n_queries, std::size_t k, Ties ties,
             double* distances, std::int64_t* indices) const;

  const Metric& metric() const { return metric_; }
  std::size_t n_rows() const { return n_; }

 private:
  struct Query;  // one row on its way through the filter

  void prepare_filter(std::span<const double> rows);
  void filter(const double* x, std::size_t ldx, std::size_t n_queries, std::size_t k, Ties ties,
              double* distances, std::int64_t* indices) const;
  void shrink(kernels::ScanRow& row, std::size_t k, float margin) const;
  bool rank(const double* x, const kernels::ScanRow& row, std::size_t k, Ties ties,
            double* distances, std::int64_t* indices) const;
  void every_row(const double* x, std::size_t k, Ties ties, double* distances,
                 std::int64_t* indices) const;
  void values(const double* x, double x_norm, std::size_t first, std::size_t n, double* out) const;

  const kernels::VectorOps* ops_;
  Metric metric_;
  const double* rows_;
  std::size_t n_, dim_;
  bool packs_ = false, filters_ = false;
  kernels::PackedPoints<double> packed_;
  std::vector<double> norms_;
  double largest_norm_ = 0;  // squared, of the rows as they are
  // The filter's rows: moved to their mean, float32.
  std::vector<double> center_;
  kernels::PackedPoints<float> packed32_;
  kernels::AlignedVector<float> norms32_;  // squared; infinite for empty places
  double largest_moved_norm_ = 0;
};

}  // namespace skops_sklearn::neighbors
