#include "neighbors/brute_force.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "neighbors/neighbor_heap.hpp"

namespace skops_sklearn::neighbors {

using kernels::PackedPoints;
using kernels::ScanRow;

namespace {

constexpr std::size_t kTile = 256;      // rows whose float64 values are made at a time
constexpr std::size_t kSmallest = 128;  // fewer rows are not worth a filter
constexpr std::size_t kScanned = 12;    // queries that share a pass over the rows
// Thresholds fall after so many blocks, and again each time that so many times as many are done.
constexpr std::size_t kFirstPause = 2, kNextPause = 6;
constexpr std::size_t kRoom = 64;        // places that a scan wants free in each row
constexpr double kLargestSquare = 1e30;  // beyond it float32 scores could overflow

bool is_euclidean(MetricKind k) {
  return k == MetricKind::kEuclidean || k == MetricKind::kSqEuclidean;
}

// The k-th smallest of n >= k values.
float kth_smallest(const float* values, std::size_t n, std::size_t k) {
  constexpr std::size_t kFew = 16;
  if (k <= kFew) {
    // Most values are above the k smallest so far, so that the branch is foreseen.
    float best[kFew];
    std::fill_n(best, k, std::numeric_limits<float>::infinity());
    for (std::size_t i = 0; i < n; ++i) {
      if (!(values[i] < best[k - 1])) continue;
      std::size_t j = k - 1;
      for (; j > 0 && values[i] < best[j - 1]; --j) best[j] = best[j - 1];
      best[j] = values[i];
    }
    return best[k - 1];
  }
  std::vector<float> copy(values, values + n);
  const auto at = copy.begin() + static_cast<std::ptrdiff_t>(k - 1);
  std::nth_element(copy.begin(), at, copy.end());
  return *at;
}

double product_in_order(const double* a, const double* b, std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

// scikit-learn leaves rows of zeros as they are, and of dense ones also the very short.
void to_unit_length(const double* x, std::size_t n, bool sparse, double* out) {
  const double length = std::sqrt(product_in_order(x, x, n));
  const double shortest = sparse ? 0x1p-1074 : 10 * std::numeric_limits<double>::epsilon();
  for (std::size_t i = 0; i < n; ++i) out[i] = length < shortest ? x[i] : x[i] / length;
}

}  // namespace

BruteForce::BruteForce(Metric metric, std::span<const double> rows, std::size_t dim, bool sparse,
                       const kernels::VectorOps& ops)
    : ops_(&ops),
      metric_(std::move(metric)),
      rows_(rows.data()),
      n_(0),
      dim_(dim),
      sparse_(sparse) {
  if (dim == 0 || rows.empty() || rows.size() % dim != 0) {
    throw std::invalid_argument("a search needs rows and features");
  }
  n_ = rows.size() / dim;
  if (n_ > std::numeric_limits<std::uint32_t>::max() - 64) {
    throw std::invalid_argument("a search takes fewer than 2^32 rows");
  }
  const bool euclidean = is_euclidean(metric_.kind);
  if (metric_.kind == MetricKind::kCosine) {
    unit_rows_.resize(rows.size());
    for (std::size_t i = 0; i < n_; ++i) {
      to_unit_length(rows_ + i * dim, dim, sparse, unit_rows_.data() + i * dim);
    }
    rows_ = unit_rows_.data();
  }
  packs_ = euclidean || metric_.kind == MetricKind::kManhattan ||
           metric_.kind == MetricKind::kChebyshev || metric_.kind == MetricKind::kCosine;
  if (packs_) packed_ = PackedPoints<double>(rows_, n_, dim);
  if (!euclidean) return;
  norms_.resize(n_);
  for (std::size_t i = 0; i < n_; ++i) {
    norms_[i] = square_norm(rows_ + i * dim, sparse);
    largest_norm_ = std::max(largest_norm_, norms_[i]);
  }
  if (n_ >= kSmallest) prepare_filter(rows);
}

double BruteForce::square_norm(const double* x, bool sparse) const {
  return sparse ? product_in_order(x, x, dim_) : ops_->blas_dot(x, x, dim_);
}

void BruteForce::prepare_filter(std::span<const double> rows) {
  center_.assign(dim_, 0.0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    center_[i % dim_] += rows[i] / static_cast<double>(n_);
  }
  packed32_ = PackedPoints<float>(n_, dim_);
  norms32_.assign(packed32_.n_slots(), std::numeric_limits<float>::infinity());
  std::vector<float> row(dim_);
  for (std::size_t i = 0; i < n_; ++i) {
    double norm = 0;
    for (std::size_t f = 0; f < dim_; ++f) {
      const double moved = rows[i * dim_ + f] - center_[f];
      norm += moved * moved;
      row[f] = static_cast<float>(moved);
    }
    largest_moved_norm_ = std::max(largest_moved_norm_, norm);
    norms32_[i] = static_cast<float>(norm);
    packed32_.set(i, row);
  }
  filters_ = largest_moved_norm_ < kLargestSquare && largest_norm_ < kLargestSquare;
}

void BruteForce::query(const double* x, std::size_t ldx, std::size_t n_queries, std::size_t k,
                       Ties ties, Arithmetic how, double* distances, std::int64_t* indices) const {
  if (filters_ && k <= n_ / 4) {
    for (std::size_t q = 0; q < n_queries; q += kScanned) {
      filter(x + q * ldx, ldx, std::min(kScanned, n_queries - q), k, ties, how, distances + q * k,
             indices + q * k);
    }
    return;
  }
  std::vector<double> unit(metric_.kind == MetricKind::kCosine ? dim_ : 0);
  for (std::size_t q = 0; q < n_queries; ++q) {
    const double* row = x + q * ldx;
    if (!unit.empty()) {
      to_unit_length(row, dim_, how.sparse_query, unit.data());
      row = unit.data();
    }
    every_row(row, k, ties, how, distances + q * k, indices + q * k);
  }
}

// Float32 scores |y|^2 - 2 x.y (moved to the mean) differ from the exact ones by at most
//   2^-24 (dim + 6) (|y|^2 + 2 |x| |y|)
// (rounding of the values, of the norm and of dim fused additions), and scikit-learn's float64
// values from the exact ones by 2^-53 (dim + 8) (|x| + |y|)^2 before moving. A score may be lost
// only when it exceeds the k-th smallest by more than both errors, twice.
struct BruteForce::Query {
  bool usable = true;
  float margin = 0;
};

void BruteForce::filter(const double* x, std::size_t ldx, std::size_t n_queries, std::size_t k,
                        Ties ties, Arithmetic how, double* distances, std::int64_t* indices) const {
  constexpr std::size_t kInPlace = 2048;
  const std::size_t capacity = k + std::max<std::size_t>(k, 96) + kRoom;
  std::uint32_t index_in_place[kInPlace];
  float score_in_place[kInPlace], x_in_place[kInPlace];
  std::vector<std::uint32_t> index_on_heap;
  std::vector<float> score_on_heap, x_on_heap;
  std::uint32_t* index = index_in_place;
  float* score = score_in_place;
  float* scaled = x_in_place;
  if (n_queries * capacity > kInPlace) {
    index_on_heap.resize(n_queries * capacity);
    score_on_heap.resize(n_queries * capacity);
    index = index_on_heap.data();
    score = score_on_heap.data();
  }
  if (n_queries * dim_ > kInPlace) {
    x_on_heap.resize(n_queries * dim_);
    scaled = x_on_heap.data();
  }
  ScanRow rows[kScanned];
  Query state[kScanned];
  const double y = std::sqrt(largest_moved_norm_), y_raw = std::sqrt(largest_norm_);
  const auto terms = static_cast<double>(dim_);
  for (std::size_t q = 0; q < n_queries; ++q) {
    double norm = 0, raw = 0;
    for (std::size_t f = 0; f < dim_; ++f) {
      const double value = x[q * ldx + f], moved = value - center_[f];
      raw += value * value;
      norm += moved * moved;
      scaled[q * dim_ + f] = static_cast<float>(-2 * moved);
    }
    const double own = std::sqrt(norm), own_raw = std::sqrt(raw);
    const double error = 0x1p-24 * (terms + 6) * (y * y + 2 * own * y) +
                         0x1p-53 * (terms + 8) * (own_raw + y_raw) * (own_raw + y_raw);
    state[q].usable = norm < kLargestSquare && raw < kLargestSquare;
    state[q].margin = static_cast<float>(2.2 * error);
    rows[q] = {scaled + q * dim_,
               state[q].usable ? std::numeric_limits<float>::infinity()
                               : -std::numeric_limits<float>::infinity(),
               static_cast<std::uint32_t>(capacity),
               0,
               index + q * capacity,
               score + q * capacity};
  }
  constexpr std::size_t kBlock = PackedPoints<float>::kBlock;
  std::size_t block = 0, pause = kFirstPause;
  while (block < packed32_.n_blocks()) {
    const std::size_t wanted = std::min(pause, packed32_.n_blocks()) - block;
    const std::size_t done =
        ops_->scan_f32(packed32_.block(block), norms32_.data() + block * kBlock, wanted, dim_, rows,
                       n_queries, static_cast<std::uint32_t>(block * kBlock));
    block += done;
    for (std::size_t q = 0; q < n_queries; ++q) {
      // At a pause the threshold falls; otherwise only a full row needs it.
      if (done == wanted ? rows[q].count <= k : rows[q].count + kRoom <= capacity) continue;
      shrink(rows[q], k, state[q].margin);
      if (rows[q].count + kRoom <= capacity) continue;
      // More near-equal rows than places: this query is done without the filter.
      state[q].usable = false;
      rows[q].count = 0;
      rows[q].threshold = -std::numeric_limits<float>::infinity();
    }
    if (done == wanted) pause *= kNextPause;
  }
  for (std::size_t q = 0; q < n_queries; ++q) {
    double* to = distances + q * k;
    std::int64_t* to_index = indices + q * k;
    if (state[q].usable && rows[q].count >= k) {
      shrink(rows[q], k, state[q].margin);
      if (rank(x + q * ldx, rows[q], k, ties, how, to, to_index)) continue;
    }
    every_row(x + q * ldx, k, ties, how, to, to_index);
  }
}

// Lowers the threshold to the k-th smallest score so far plus the margin and drops what is above.
void BruteForce::shrink(ScanRow& row, std::size_t k, float margin) const {
  row.threshold = std::nextafter(kth_smallest(row.score, row.count, k) + margin,
                                 std::numeric_limits<float>::infinity());
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < row.count; ++i) {
    row.index[kept] = row.index[i];
    row.score[kept] = row.score[i];
    kept += row.score[i] <= row.threshold;
  }
  row.count = kept;
}

// Float64 values of the candidates; false when equal ones need scikit-learn's heap.
bool BruteForce::rank(const double* x, const ScanRow& row, std::size_t k, Ties ties, Arithmetic how,
                      double* distances, std::int64_t* indices) const {
  constexpr std::size_t kInPlace = 256;
  double in_place[kInPlace];
  std::vector<double> on_heap;
  double* dots = in_place;
  if (row.count > kInPlace) {
    on_heap.resize(row.count);
    dots = on_heap.data();
  }
  if (sparse_ || how.sparse_query) {
    for (std::uint32_t i = 0; i < row.count; ++i) {
      dots[i] = product_in_order(x, rows_ + row.index[i] * dim_, dim_);
    }
  } else {
    ops_->dots_of_rows(x, rows_, dim_, dim_, row.index, row.count, dots);
  }
  const double x_norm = square_norm(x, how.sparse_query);
  for (std::uint32_t i = 0; i < row.count; ++i) {
    dots[i] = std::max(0.0, (x_norm + -2 * dots[i]) + norms_[row.index[i]]);
  }
  // One more than asked for, where there is one: it may equal the last.
  const std::size_t looked_at = std::min<std::size_t>(k + 1, row.count);
  double distance_in_place[kInPlace];
  std::int64_t index_in_place[kInPlace];
  std::vector<double> distance_on_heap;
  std::vector<std::int64_t> index_on_heap;
  double* nearest = distance_in_place;
  std::int64_t* place = index_in_place;
  if (looked_at > kInPlace) {
    distance_on_heap.resize(looked_at);
    index_on_heap.resize(looked_at);
    nearest = distance_on_heap.data();
    place = index_on_heap.data();
  }
  // Candidates stand in the order of their rows, so their places rank equals as their rows do.
  select_nearest(dots, row.count, looked_at, Ties::kIndex, nearest, place);
  for (std::size_t i = 1; i < looked_at && ties.kind != Ties::kIndex; ++i) {
    if (nearest[i - 1] == nearest[i]) return false;
  }
  for (std::size_t i = 0; i < k; ++i) {
    distances[i] = nearest[i];
    indices[i] = row.index[place[i]];
  }
  return true;
}

void BruteForce::every_row(const double* x, std::size_t k, Ties ties, Arithmetic how,
                           double* distances, std::int64_t* indices) const {
  const double x_norm = norms_.empty() ? 0.0 : square_norm(x, how.sparse_query);
  if (ties.kind == Ties::kIndex) {
    std::vector<double> all(n_ + kTile);  // a tile may write beyond its rows
    for (std::size_t first = 0; first < n_; first += kTile) {
      values(x, x_norm, first, std::min(kTile, n_ - first), how, all.data() + first);
    }
    select_nearest(all.data(), n_, k, ties, distances, indices);
    return;
  }
  double tile[kTile];
  clear_heap(distances, indices, k);
  for (std::size_t first = 0; first < n_; first += kTile) {
    const std::size_t n = std::min(kTile, n_ - first);
    values(x, x_norm, first, n, how, tile);
    for (std::size_t i = 0; i < n; ++i) {
      push_heap(distances, indices, k, tile[i], static_cast<std::int64_t>(first + i));
    }
  }
  finish_heap(ties, distances, indices, k);
}

// Reduced distances to the rows [first, first + n); `first` is a multiple of the tile.
void BruteForce::values(const double* x, double x_norm, std::size_t first, std::size_t n,
                        Arithmetic how, double* out) const {
  const bool products = !norms_.empty() || metric_.kind == MetricKind::kCosine;
  const bool wide = how.formula == Formula::kDouble || how.formula == Formula::kScipy;
  if (!products && !(packs_ && wide)) {
    for (std::size_t i = 0; i < n; ++i) {
      out[i] = reduced_distance(metric_, x, rows_ + (first + i) * dim_, dim_, how.formula);
    }
    return;
  }
  constexpr std::size_t block = PackedPoints<double>::kBlock;
  static_assert(kTile % block == 0);
  const double* points = packed_.block(first / block);
  const std::size_t n_blocks = (n + block - 1) / block;
  if (metric_.kind == MetricKind::kManhattan) {
    ops_->abs_distances(points, n_blocks, dim_, x, dim_, 1, out, kTile);
    return;
  }
  if (metric_.kind == MetricKind::kChebyshev) {
    ops_->max_distances(points, n_blocks, dim_, x, dim_, 1, out, kTile);
    return;
  }
  if (sparse_ || how.sparse_query) {
    for (std::size_t i = 0; i < n; ++i) {
      out[i] = product_in_order(x, rows_ + (first + i) * dim_, dim_);
    }
  } else {
    ops_->dots_f64(points, n_blocks, dim_, x, dim_, 1, out, kTile);
  }
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = norms_.empty() ? std::clamp(1 - out[i], 0.0, 2.0)
                            : std::max(0.0, (x_norm + -2 * out[i]) + norms_[first + i]);
  }
}

}  // namespace skops_sklearn::neighbors
