#include "neighbors/sparse_brute.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "neighbors/neighbor_heap.hpp"

namespace skops_sklearn::neighbors {
namespace {

double square_sum(std::span<const double> v) {
  double sum = 0;
  for (const double x : v) sum += x * x;
  return sum;
}

// A row of zeros stays zero when it is brought to length 1.
double length_of(double square) {
  return square > 0 ? std::sqrt(square) : 1.0;
}

}  // namespace

SparseBruteForce::SparseBruteForce(const Metric& metric, const kernels::CsrView& rows)
    : kind_(metric.kind), n_(rows.n_rows) {
  if (n_ == 0 || n_ > std::numeric_limits<std::int32_t>::max()) {
    throw std::invalid_argument("a search takes 1 to 2^31 rows");
  }
  if (kind_ == MetricKind::kManhattan) {
    start_.assign(rows.indptr.begin(), rows.indptr.end());
    other_.assign(rows.columns.begin(), rows.columns.end());
    row_values_.assign(rows.values.begin(), rows.values.end());
    return;
  }
  if (kind_ != MetricKind::kEuclidean && kind_ != MetricKind::kCosine) {
    throw std::invalid_argument("sparse rows have no such metric");
  }
  norms_.resize(n_);
  start_.assign(rows.n_cols + 1, 0);
  for (const std::int32_t c : rows.columns) ++start_[static_cast<std::size_t>(c) + 1];
  std::partial_sum(start_.begin(), start_.end(), start_.begin());
  std::vector<std::int64_t> next(start_.begin(), start_.end() - 1);
  other_.resize(rows.values.size());
  row_values_.resize(rows.values.size());
  for (std::size_t i = 0; i < n_; ++i) {
    const auto values = rows.row_values(i);
    const auto columns = rows.row_columns(i);
    norms_[i] = square_sum(values);
    const double length = length_of(norms_[i]);
    for (std::size_t k = 0; k < values.size(); ++k) {
      const auto at = static_cast<std::size_t>(next[static_cast<std::size_t>(columns[k])]++);
      other_[at] = static_cast<std::int32_t>(i);
      row_values_[at] = kind_ == MetricKind::kCosine ? values[k] / length : values[k];
    }
  }
}

void SparseBruteForce::dots(std::span<const double> values, std::span<const std::int32_t> columns,
                            std::vector<double>& out) const {
  out.assign(n_, 0.0);
  for (std::size_t k = 0; k < values.size(); ++k) {
    const auto f = static_cast<std::size_t>(columns[k]);
    for (auto i = start_[f]; i < start_[f + 1]; ++i) {
      out[static_cast<std::size_t>(other_[i])] += values[k] * row_values_[i];
    }
  }
}

double SparseBruteForce::manhattan(std::span<const double> values,
                                   std::span<const std::int32_t> columns, std::size_t row) const {
  double sum = 0;
  std::size_t k = 0;
  auto s = static_cast<std::size_t>(start_[row]);
  const auto end = static_cast<std::size_t>(start_[row + 1]);
  while (k < columns.size() || s < end) {
    if (s == end || (k < columns.size() && columns[k] < other_[s])) {
      sum += std::fabs(values[k++]);
    } else if (k == columns.size() || other_[s] < columns[k]) {
      sum += std::fabs(row_values_[s++]);
    } else {
      sum += std::fabs(values[k++] - row_values_[s++]);
    }
  }
  return sum;
}

void SparseBruteForce::query(const kernels::CsrView& x, std::size_t query, std::size_t k, Ties ties,
                             double* distances, std::int64_t* indices) const {
  const auto values = x.row_values(query);
  const auto columns = x.row_columns(query);
  std::vector<double> all;
  if (kind_ == MetricKind::kManhattan) {
    all.resize(n_);
    for (std::size_t i = 0; i < n_; ++i) all[i] = manhattan(values, columns, i);
  } else {
    const double norm = square_sum(values);
    if (kind_ == MetricKind::kEuclidean) {
      dots(values, columns, all);
      for (std::size_t i = 0; i < n_; ++i) {
        all[i] = std::max(0.0, (-2 * all[i] + norm) + norms_[i]);
      }
    } else {
      std::vector<double> unit(values.begin(), values.end());
      for (double& v : unit) v /= length_of(norm);
      dots(unit, columns, all);
      for (std::size_t i = 0; i < n_; ++i) all[i] = std::clamp(1 - all[i], 0.0, 2.0);
    }
  }
  select_nearest(all.data(), n_, k, ties, distances, indices);
}

}  // namespace skops_sklearn::neighbors
