// Decision values of a libsvm model (SVC, NuSVC, SVR, NuSVR, OneClassSVM): the support vectors are
// packed once, then any number of threads may ask for rows.
//
// Formulas are those of libsvm's `svm_predict_values`; for classes i < j
//   d(i,j) = sum over SVs of i of coef[j-1] k(x, sv) + sum over SVs of j of coef[i] k(x, sv)
//            + intercept(i,j)
// in the order (0,1), (0,2), ..., (1,2), ...; scikit-learn's `_intercept_` is minus libsvm's rho.
// Values are float64. They differ from libsvm's in the order of the sums over support vectors, and
// for a linear kernel the support vectors are summed up to one weight vector a pair beforehand.
//
// The constructor trusts nothing about sizes that it can check itself, but not the numbers' origin:
// callers check finiteness and limits first (SvmSource says what is expected).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/packed_points.hpp"
#include "kernels/sparse_view.hpp"
#include "kernels/vector_ops.hpp"

namespace skops_sklearn::kernels {

enum class SvmKernel { kLinear, kPoly, kRbf, kSigmoid, kPrecomputed };

struct SvmSource {
  SvmKernel kernel = SvmKernel::kRbf;
  double gamma = 0;  // finite; > 0 for rbf
  double coef0 = 0;  // finite
  int degree = 3;    // >= 0
  bool classifier = true;
  std::size_t dim = 0;  // features; the fitted rows for precomputed
  // One of the two holds the n_sv support vectors; neither for precomputed.
  std::span<const double> dense;  // n_sv x dim, C order
  const CsrView* sparse = nullptr;
  std::span<const std::int64_t> support;  // for precomputed: 0 <= support[i] < dim
  std::vector<std::size_t> class_sizes;   // support vectors of each class; one entry if no classes
  std::span<const double> dual_coef;      // max(1, n_classes - 1) x n_sv, C order
  std::span<const double> intercept;      // n(n-1)/2 or 1
};

class SvmMachine {
 public:
  // Throws std::invalid_argument when sizes do not fit each other.
  explicit SvmMachine(const SvmSource& source, const VectorOps& ops = vector_ops());

  // out[r * n_decisions() + p] for rows of x, C order, dim() wide (precomputed: kernel values
  // against the fitted rows).
  void decisions(const double* x, std::size_t ldx, std::size_t rows, double* out) const;
  // The same for rows [first, first + rows) of a CSR matrix with sorted columns.
  void decisions(const CsrView& x, std::size_t first, std::size_t rows, double* out) const;

  std::size_t n_decisions() const { return intercept_.size(); }
  std::size_t n_classes() const { return n_classes_; }
  std::size_t dim() const { return dim_; }
  // Multiplications (about) that one row costs.
  double row_cost() const;

 private:
  struct Segment {  // the slots of one class
    std::size_t begin, end;
  };
  static constexpr std::size_t kTileRows = 12;
  static constexpr std::size_t kTileSlots = 128;

  void place_slots(const SvmSource& source);
  void collapse_linear(const SvmSource& source);
  void set_points(const SvmSource& source);
  void dense_tile(const double* x, std::size_t ldx, std::size_t rows, double* out) const;
  void linear_row(const double* x, double* out) const;
  void kernel_values(const double* x, std::size_t ldx, std::size_t rows, std::size_t slot,
                     std::size_t n_slots, const double* x_norms, const bool* by_difference,
                     double* values) const;
  void sparse_row(std::span<const double> values, std::span<const std::int32_t> columns,
                  double* out, std::vector<double>& dots) const;
  void apply_kernel(double* dots, std::size_t n) const;
  double merged_distance(std::span<const double> values, std::span<const std::int32_t> columns,
                         std::size_t i) const;
  void add_sums(const double* values, std::size_t slot, std::size_t n, double* sums) const;
  void finish(const double* sums, double* out) const;

  const VectorOps* ops_;
  SvmKernel kernel_;
  double gamma_, coef0_;
  int degree_;
  std::size_t dim_, n_sv_, n_classes_, n_coef_rows_;
  std::vector<Segment> segments_;
  std::size_t n_slots_ = 0;
  std::vector<std::size_t> slot_of_;  // support vector -> slot
  AlignedVector<double> coef_;        // n_coef_rows_ x n_slots_, zero where a slot is empty
  std::vector<double> intercept_;
  std::vector<double> weights_;  // linear: n_decisions x dim
  PackedPoints<double> points_;  // less center_ for rbf
  std::vector<double> center_;
  AlignedVector<double> norms_;  // squared, a slot each, rbf only
  double max_norm_ = 0;
  std::vector<std::size_t> columns_;  // precomputed: slot -> column of x
  // Wide sparse models: the support vectors by feature.
  bool by_feature_ = false;
  std::vector<std::size_t> feature_start_;
  std::vector<std::uint32_t> feature_slot_;
  std::vector<double> feature_value_;
  // The same by support vector, kept only where distances may have to be summed from differences.
  std::vector<std::int64_t> row_start_;
  std::vector<std::int32_t> row_column_;
  std::vector<double> row_value_;
};

}  // namespace skops_sklearn::kernels
