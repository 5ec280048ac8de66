// Brute-force search among sparse rows, for models whose training data are too wide to be spread
// out. Queries are sparse too.
//
// The metrics are those that scikit-learn has for sparse data: euclidean and cosine go through dot
// products with the rows kept by feature, so a query costs only the features it has; manhattan
// distances are sums over both rows' values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/sparse_view.hpp"
#include "neighbors/brute_force.hpp"
#include "neighbors/metric.hpp"

namespace skops_sklearn::neighbors {

class SparseBruteForce {
 public:
  // The rows are copied. Throws std::invalid_argument for any other metric.
  SparseBruteForce(const Metric& metric, const kernels::CsrView& rows);

  // The k nearest rows of row `query` of x, nearest first; 1 <= k <= n_rows(). `distances` are
  // reduced ones, as in BruteForce.
  void query(const kernels::CsrView& x, std::size_t query, std::size_t k, Ties ties,
             double* distances, std::int64_t* indices) const;

  std::size_t n_rows() const { return n_; }
  // Values that one query with all features looks at.
  std::size_t stored() const { return row_values_.size(); }

 private:
  void dots(std::span<const double> values, std::span<const std::int32_t> columns,
            std::vector<double>& out) const;
  double manhattan(std::span<const double> values, std::span<const std::int32_t> columns,
                   std::size_t row) const;

  MetricKind kind_;
  std::size_t n_;
  std::vector<double> norms_;  // squared
  // By row (manhattan) or by feature (the others).
  std::vector<std::int64_t> start_;
  std::vector<std::int32_t> other_;  // column or row of each value
  std::vector<double> row_values_;
};

}  // namespace skops_sklearn::neighbors
