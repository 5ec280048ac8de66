// Brute-force search for the k nearest rows, dense.
//
// Euclidean distances are filtered in float32 and ranked again in float64. The filter works on rows
// moved to their mean and has a proven margin: a row whose float32 score exceeds the k-th best by
// more than the margin cannot be among the k nearest. What is left gets the float64 value that
// scikit-learn computes, |x|^2 - 2 x.y + |y|^2 with the dot product fused feature by feature as
// OpenBLAS's matrix product does. If two of the k + 1 first values are equal, their order depends
// on scikit-learn's heap, and the row is done again with the same heap in float64.
//
// With sparse rows on either side scikit-learn has no matrix product: products are rounded and
// added one after another (Arithmetic). Cosine distances are products of rows of length 1.
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

// What scikit-learn computes with, as far as it shows.
struct Arithmetic {
  Formula formula = Formula::kDouble;
  bool sparse_query = false;  // the query rows came from a sparse matrix
};

class BruteForce {
 public:
  // rows: n x dim, C order, 1 <= n < 2^32; they must outlive this object. `sparse`: they were
  // spread out from a sparse matrix.
  BruteForce(Metric metric, std::span<const double> rows, std::size_t dim, bool sparse = false,
             const kernels::VectorOps& ops = kernels::vector_ops());

  BruteForce(const BruteForce&) = delete;  // rows_ may point into the object
  BruteForce& operator=(const BruteForce&) = delete;

  // The k nearest rows of each query, nearest first; 1 <= k <= n. `distances` are reduced ones.
  void query(const double* x, std::size_t ldx, std::size_t n_queries, std::size_t k, Ties ties,
             Arithmetic how, double* distances, std::int64_t* indices) const;

  const Metric& metric() const { return metric_; }
  std::size_t n_rows() const { return n_; }

 private:
  struct Query;  // one row on its way through the filter

  void prepare_filter(std::span<const double> rows);
  void filter(const double* x, std::size_t ldx, std::size_t n_queries, std::size_t k, Ties ties,
              Arithmetic how, double* distances, std::int64_t* indices) const;
  void shrink(kernels::ScanRow& row, std::size_t k, float margin) const;
  bool rank(const double* x, const kernels::ScanRow& row, std::size_t k, Ties ties, Arithmetic how,
            double* distances, std::int64_t* indices) const;
  void every_row(const double* x, std::size_t k, Ties ties, Arithmetic how, double* distances,
                 std::int64_t* indices) const;
  void values(const double* x, double x_norm, std::size_t first, std::size_t n, Arithmetic how,
              double* out) const;
  double square_norm(const double* x, bool sparse) const;

  const kernels::VectorOps* ops_;
  Metric metric_;
  const double* rows_;
  std::size_t n_, dim_;
  bool sparse_ = false, packs_ = false, filters_ = false;
  std::vector<double> unit_rows_;  // cosine: the rows at length 1, which rows_ then points to
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
