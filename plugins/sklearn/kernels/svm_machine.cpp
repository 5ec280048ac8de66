#include "kernels/svm_machine.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <stdexcept>

namespace skops_sklearn::kernels {
namespace {

// |x|^2 + |y|^2 - 2 xy loses about 2^-52 of its terms; times gamma that is an error in the exponent
// of the kernel. Above this bound (error about 1e-12) distances are summed up from differences.
constexpr double kDotFormBound = 2e3;

double square_sum(const double* v, std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += v[i] * v[i];
  return sum;
}

// Wide and thin support vectors stay sparse; the others are cheaper as dense blocks.
bool keep_sparse(const CsrView& sv) {
  const double cells = static_cast<double>(sv.n_rows) * static_cast<double>(sv.n_cols);
  const double filled = static_cast<double>(sv.values.size());
  return cells > 4096 && filled < 0.12 * cells;
}

}  // namespace

SvmMachine::SvmMachine(const SvmSource& source, const VectorOps& ops)
    : ops_(&ops),
      kernel_(source.kernel),
      gamma_(source.gamma),
      coef0_(source.coef0),
      degree_(source.degree),
      dim_(source.dim),
      n_sv_(std::accumulate(source.class_sizes.begin(), source.class_sizes.end(), std::size_t{0})),
      n_classes_(source.classifier ? source.class_sizes.size() : 0),
      n_coef_rows_(source.classifier ? source.class_sizes.size() - 1 : 1),
      intercept_(source.intercept.begin(), source.intercept.end()) {
  const std::size_t n = source.class_sizes.size();
  if (source.classifier ? n < 2 : n != 1) {
    throw std::invalid_argument("a classifier has two or more classes, other machines one group");
  }
  const std::size_t pairs = source.classifier ? n * (n - 1) / 2 : 1;
  if (intercept_.size() != pairs) throw std::invalid_argument("one intercept for each pair");
  if (source.dual_coef.size() / n_coef_rows_ != n_sv_ || source.dual_coef.size() % n_coef_rows_) {
    throw std::invalid_argument("dual coefficients do not fit the support vectors");
  }
  if (kernel_ == SvmKernel::kPrecomputed) {
    if (source.support.size() != n_sv_) throw std::invalid_argument("support indices are missing");
    for (const std::int64_t i : source.support) {
      if (i < 0 || static_cast<std::size_t>(i) >= dim_) {
        throw std::invalid_argument("a support index lies outside the fitted rows");
      }
    }
  } else if (source.sparse != nullptr) {
    if (source.sparse->n_rows != n_sv_ || source.sparse->n_cols != dim_) {
      throw std::invalid_argument("support vectors have another shape");
    }
  } else if (source.dense.size() != n_sv_ * dim_) {
    throw std::invalid_argument("support vectors have another shape");
  }
  if (kernel_ == SvmKernel::kLinear) {
    collapse_linear(source);
    return;
  }
  place_slots(source);
  if (kernel_ == SvmKernel::kPrecomputed) {
    columns_.assign(n_slots_, 0);
    for (std::size_t i = 0; i < n_sv_; ++i) {
      columns_[slot_of_[i]] = static_cast<std::size_t>(source.support[i]);
    }
    return;
  }
  set_points(source);
}

// Each class starts on a block of its own, so that sums over a class run over whole blocks.
void SvmMachine::place_slots(const SvmSource& source) {
  slot_of_.reserve(n_sv_);
  for (const std::size_t size : source.class_sizes) {
    for (std::size_t i = 0; i < size; ++i) slot_of_.push_back(n_slots_ + i);
    segments_.push_back({n_slots_, n_slots_ + pad_to_block<double>(size)});
    n_slots_ = segments_.back().end;
  }
  coef_.assign(n_coef_rows_ * n_slots_, 0.0);
  for (std::size_t r = 0; r < n_coef_rows_; ++r) {
    for (std::size_t i = 0; i < n_sv_; ++i) {
      coef_[r * n_slots_ + slot_of_[i]] = source.dual_coef[r * n_sv_ + i];
    }
  }
}

void SvmMachine::collapse_linear(const SvmSource& source) {
  const std::size_t n = source.class_sizes.size();
  weights_.assign(intercept_.size() * dim_, 0.0);
  const auto add = [&](std::size_t first, std::size_t count, std::size_t coef_row, double* w) {
    for (std::size_t i = first; i < first + count; ++i) {
      const double c = source.dual_coef[coef_row * n_sv_ + i];
      if (source.sparse != nullptr) {
        const auto values = source.sparse->row_values(i);
        const auto columns = source.sparse->row_columns(i);
        for (std::size_t k = 0; k < values.size(); ++k) w[columns[k]] += c * values[k];
      } else {
        for (std::size_t f = 0; f < dim_; ++f) w[f] += c * source.dense[i * dim_ + f];
      }
    }
  };
  if (!source.classifier) {
    add(0, n_sv_, 0, weights_.data());
    return;
  }
  std::vector<std::size_t> start(n, 0);
  for (std::size_t c = 1; c < n; ++c) start[c] = start[c - 1] + source.class_sizes[c - 1];
  double* w = weights_.data();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j, w += dim_) {
      add(start[i], source.class_sizes[i], j - 1, w);
      add(start[j], source.class_sizes[j], i, w);
    }
  }
}

void SvmMachine::set_points(const SvmSource& source) {
  const CsrView* sv = source.sparse;
  if (sv != nullptr && keep_sparse(*sv)) {
    by_feature_ = true;
    feature_start_.assign(dim_ + 1, 0);
    for (const std::int32_t c : sv->columns) ++feature_start_[static_cast<std::size_t>(c) + 1];
    std::partial_sum(feature_start_.begin(), feature_start_.end(), feature_start_.begin());
    feature_slot_.resize(sv->values.size());
    feature_value_.resize(sv->values.size());
    std::vector<std::size_t> next(feature_start_.begin(), feature_start_.end() - 1);
    norms_.assign(n_slots_, 0.0);
    for (std::size_t i = 0; i < n_sv_; ++i) {
      const auto values = sv->row_values(i);
      const auto columns = sv->row_columns(i);
      for (std::size_t k = 0; k < values.size(); ++k) {
        const std::size_t at = next[static_cast<std::size_t>(columns[k])]++;
        feature_slot_[at] = static_cast<std::uint32_t>(slot_of_[i]);
        feature_value_[at] = values[k];
      }
      norms_[slot_of_[i]] = square_sum(values.data(), values.size());
    }
  } else {
    points_ = PackedPoints<double>(n_slots_, dim_);
    std::vector<double> row(dim_);
    const auto read = [&](std::size_t i) {
      if (sv == nullptr) {
        std::copy_n(source.dense.data() + i * dim_, dim_, row.begin());
        return;
      }
      std::fill(row.begin(), row.end(), 0.0);
      const auto values = sv->row_values(i);
      const auto columns = sv->row_columns(i);
      for (std::size_t k = 0; k < values.size(); ++k) row[columns[k]] = values[k];
    };
    // Distances do not change when everything moves; near the origin the dot form is accurate.
    const bool rbf = kernel_ == SvmKernel::kRbf;
    center_.assign(rbf ? dim_ : 0, 0.0);
    if (rbf) {
      for (std::size_t i = 0; i < n_sv_; ++i) {
        read(i);
        for (std::size_t f = 0; f < dim_; ++f) center_[f] += row[f] / static_cast<double>(n_sv_);
      }
      norms_.assign(n_slots_, 0.0);
    }
    for (std::size_t i = 0; i < n_sv_; ++i) {
      read(i);
      if (rbf) {
        for (std::size_t f = 0; f < dim_; ++f) row[f] -= center_[f];
        norms_[slot_of_[i]] = square_sum(row.data(), dim_);
      }
      points_.set(slot_of_[i], row);
    }
  }
  for (const double n : norms_) max_norm_ = std::max(max_norm_, n);
  // With smaller norms than this, a query beyond the bound is so far away that its kernel is 0.
  if (by_feature_ && kernel_ == SvmKernel::kRbf && !(gamma_ * max_norm_ < kDotFormBound / 4)) {
    row_start_.assign(sv->indptr.begin(), sv->indptr.end());
    row_column_.assign(sv->columns.begin(), sv->columns.end());
    row_value_.assign(sv->values.begin(), sv->values.end());
  }
}

double SvmMachine::row_cost() const {
  if (kernel_ == SvmKernel::kLinear) return static_cast<double>(weights_.size());
  const double per_slot = static_cast<double>(n_coef_rows_) + 20.0 +
                          (kernel_ == SvmKernel::kPrecomputed ? 1.0 : static_cast<double>(dim_));
  return static_cast<double>(n_slots_) * per_slot;
}

void SvmMachine::decisions(const double* x, std::size_t ldx, std::size_t rows, double* out) const {
  if (kernel_ == SvmKernel::kLinear) {
    for (std::size_t r = 0; r < rows; ++r) linear_row(x + r * ldx, out + r * n_decisions());
    return;
  }
  if (by_feature_) {
    std::vector<double> dots(n_slots_), values;
    std::vector<std::int32_t> columns;
    for (std::size_t r = 0; r < rows; ++r) {
      values.clear();
      columns.clear();
      for (std::size_t f = 0; f < dim_; ++f) {
        if (x[r * ldx + f] == 0) continue;
        values.push_back(x[r * ldx + f]);
        columns.push_back(static_cast<std::int32_t>(f));
      }
      sparse_row(values, columns, out + r * n_decisions(), dots);
    }
    return;
  }
  for (std::size_t r = 0; r < rows; r += kTileRows) {
    dense_tile(x + r * ldx, ldx, std::min(kTileRows, rows - r), out + r * n_decisions());
  }
}

void SvmMachine::decisions(const CsrView& x, std::size_t first, std::size_t rows,
                           double* out) const {
  if (by_feature_) {
    std::vector<double> dots(n_slots_);
    for (std::size_t r = 0; r < rows; ++r) {
      sparse_row(x.row_values(first + r), x.row_columns(first + r), out + r * n_decisions(), dots);
    }
    return;
  }
  std::vector<double> dense(std::min(kTileRows, rows) * dim_);
  for (std::size_t r = 0; r < rows; r += kTileRows) {
    const std::size_t count = std::min(kTileRows, rows - r);
    std::fill(dense.begin(), dense.end(), 0.0);
    for (std::size_t i = 0; i < count; ++i) {
      const auto values = x.row_values(first + r + i);
      const auto columns = x.row_columns(first + r + i);
      for (std::size_t k = 0; k < values.size(); ++k) dense[i * dim_ + columns[k]] = values[k];
    }
    decisions(dense.data(), dim_, count, out + r * n_decisions());
  }
}

void SvmMachine::linear_row(const double* x, double* out) const {
  for (std::size_t p = 0; p < n_decisions(); ++p) {
    const double* w = weights_.data() + p * dim_;
    double sum[4] = {};
    std::size_t f = 0;
    for (; f + 4 <= dim_; f += 4) {
      for (int k = 0; k < 4; ++k) sum[k] += x[f + k] * w[f + k];
    }
    for (; f < dim_; ++f) sum[0] += x[f] * w[f];
    out[p] = (sum[0] + sum[1]) + (sum[2] + sum[3]) + intercept_[p];
  }
}

void SvmMachine::dense_tile(const double* x, std::size_t ldx, std::size_t rows, double* out) const {
  // A dozen rows of usual width live on the stack, wider ones on the heap.
  constexpr std::size_t kInPlace = 1024;
  alignas(64) double in_place[kInPlace];
  AlignedVector<double> on_heap;
  double norms[kTileRows] = {};
  bool by_difference[kTileRows] = {};
  if (!center_.empty()) {
    double* moved = in_place;
    if (rows * dim_ > kInPlace) {
      on_heap.resize(rows * dim_);
      moved = on_heap.data();
    }
    for (std::size_t r = 0; r < rows; ++r) {
      double* row = moved + r * dim_;
      for (std::size_t f = 0; f < dim_; ++f) row[f] = x[r * ldx + f] - center_[f];
      norms[r] = square_sum(row, dim_);
      by_difference[r] = !(gamma_ * (norms[r] + max_norm_) < kDotFormBound);
    }
    x = moved;
    ldx = dim_;
  }
  // Sums of one class and coefficient row, for each row of the tile.
  const std::size_t n_sums = segments_.size() * n_coef_rows_;
  constexpr std::size_t kSums = 128;
  double sums_in_place[kSums];
  std::vector<double> sums_on_heap;
  double* sums = sums_in_place;
  if (rows * n_sums > kSums) {
    sums_on_heap.resize(rows * n_sums);
    sums = sums_on_heap.data();
  }
  std::fill_n(sums, rows * n_sums, 0.0);
  alignas(64) double values[kTileRows * kTileSlots];
  for (std::size_t slot = 0; slot < n_slots_; slot += kTileSlots) {
    const std::size_t n = std::min(kTileSlots, n_slots_ - slot);
    kernel_values(x, ldx, rows, slot, n, norms, by_difference, values);
    for (std::size_t r = 0; r < rows; ++r) {
      add_sums(values + r * kTileSlots, slot, n, sums + r * n_sums);
    }
  }
  for (std::size_t r = 0; r < rows; ++r) finish(sums + r * n_sums, out + r * n_decisions());
}

void SvmMachine::kernel_values(const double* x, std::size_t ldx, std::size_t rows, std::size_t slot,
                               std::size_t n_slots, const double* x_norms,
                               const bool* by_difference, double* values) const {
  if (kernel_ == SvmKernel::kPrecomputed) {
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t i = 0; i < n_slots; ++i) {
        values[r * kTileSlots + i] = x[r * ldx + columns_[slot + i]];
      }
    }
    return;
  }
  constexpr std::size_t block = PackedPoints<double>::kBlock;
  const double* points = points_.block(slot / block);
  ops_->dots_f64(points, n_slots / block, dim_, x, ldx, rows, values, kTileSlots);
  for (std::size_t r = 0; r < rows; ++r) {
    double* v = values + r * kTileSlots;
    if (kernel_ != SvmKernel::kRbf) {
      apply_kernel(v, n_slots);
    } else if (by_difference[r]) {
      ops_->sq_distances(points, n_slots / block, dim_, x + r * ldx, ldx, 1, v, kTileSlots);
      ops_->rbf_from_squares(v, n_slots, gamma_);
    } else {
      ops_->rbf_from_dots(v, norms_.data() + slot, n_slots, x_norms[r], gamma_);
    }
  }
}

void SvmMachine::apply_kernel(double* dots, std::size_t n) const {
  if (kernel_ == SvmKernel::kPoly) {
    ops_->poly_from_dots(dots, n, gamma_, coef0_, degree_);
  } else {
    ops_->tanh_from_dots(dots, n, gamma_, coef0_);
  }
}

void SvmMachine::add_sums(const double* values, std::size_t slot, std::size_t n,
                          double* sums) const {
  auto segment = std::upper_bound(segments_.begin(), segments_.end(), slot,
                                  [](std::size_t s, const Segment& g) { return s < g.end; });
  for (; segment != segments_.end() && segment->begin < slot + n; ++segment) {
    const std::size_t begin = std::max(segment->begin, slot);
    const std::size_t end = std::min(segment->end, slot + n);
    double* own = sums + static_cast<std::size_t>(segment - segments_.begin()) * n_coef_rows_;
    for (std::size_t r = 0; r < n_coef_rows_; ++r) {
      own[r] += ops_->weighted_sum(coef_.data() + r * n_slots_ + begin, values + (begin - slot),
                                   end - begin);
    }
  }
}

void SvmMachine::finish(const double* sums, double* out) const {
  if (n_classes_ == 0) {
    out[0] = sums[0] + intercept_[0];
    return;
  }
  std::size_t p = 0;
  for (std::size_t i = 0; i < n_classes_; ++i) {
    for (std::size_t j = i + 1; j < n_classes_; ++j, ++p) {
      out[p] = sums[i * n_coef_rows_ + j - 1] + sums[j * n_coef_rows_ + i] + intercept_[p];
    }
  }
}

// Squared distance of a sparse query to support vector i, from differences.
double SvmMachine::merged_distance(std::span<const double> values,
                                   std::span<const std::int32_t> columns, std::size_t i) const {
  double sum = 0;
  std::size_t k = 0;
  auto s = static_cast<std::size_t>(row_start_[i]);
  const auto end = static_cast<std::size_t>(row_start_[i + 1]);
  while (k < columns.size() || s < end) {
    double d = 0;
    if (s == end || (k < columns.size() && columns[k] < row_column_[s])) {
      d = values[k++];
    } else if (k == columns.size() || row_column_[s] < columns[k]) {
      d = row_value_[s++];
    } else {
      d = values[k++] - row_value_[s++];
    }
    sum += d * d;
  }
  return sum;
}

void SvmMachine::sparse_row(std::span<const double> values, std::span<const std::int32_t> columns,
                            double* out, std::vector<double>& dots) const {
  std::fill(dots.begin(), dots.end(), 0.0);
  const double norm = square_sum(values.data(), values.size());
  if (!row_start_.empty() && !(gamma_ * (norm + max_norm_) < kDotFormBound)) {
    for (std::size_t i = 0; i < n_sv_; ++i) {
      dots[slot_of_[i]] = merged_distance(values, columns, i);
    }
    ops_->rbf_from_squares(dots.data(), n_slots_, gamma_);
  } else {
    for (std::size_t k = 0; k < values.size(); ++k) {
      const auto f = static_cast<std::size_t>(columns[k]);
      for (std::size_t i = feature_start_[f]; i < feature_start_[f + 1]; ++i) {
        dots[feature_slot_[i]] += values[k] * feature_value_[i];
      }
    }
    if (kernel_ == SvmKernel::kRbf) {
      ops_->rbf_from_dots(dots.data(), norms_.data(), n_slots_, norm, gamma_);
    } else {
      apply_kernel(dots.data(), n_slots_);
    }
  }
  const std::size_t n_sums = segments_.size() * n_coef_rows_;
  std::vector<double> sums(n_sums, 0.0);
  if (n_slots_ != 0) add_sums(dots.data(), 0, n_slots_, sums.data());
  finish(sums.data(), out);
}

}  // namespace skops_sklearn::kernels
