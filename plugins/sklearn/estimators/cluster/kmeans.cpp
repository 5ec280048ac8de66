// sklearn.cluster.KMeans and MiniBatchKMeans.
//
// predict: (n,) int32, the centre with the smallest |c|^2 - 2 x.c, the first of equals; computed in
// the centres' dtype, as scikit-learn does. (It refuses an input of the other float type; here both
// are then taken as float64.) transform: (n, n_clusters) euclidean distances, float32 only where
// input and centres are, but computed in float64 like `euclidean_distances`.
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "define.hpp"
#include "kernels/packed_points.hpp"
#include "kernels/vector_ops.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;
using kernels::PackedPoints;
using kernels::vector_ops;

// The centres in one float type, by blocks for dense rows and by feature for sparse ones.
template <class T>
class Centres {
 public:
  Centres(const std::vector<T>& rows, std::size_t k, std::size_t dim)
      : k_(k), dim_(dim), packed_(rows.data(), k, dim), by_feature_(k * dim), norms_(k) {
    for (std::size_t c = 0; c < k; ++c) {
      double norm = 0;
      for (std::size_t f = 0; f < dim; ++f) {
        const double value = rows[c * dim + f];
        norm += value * value;
        by_feature_[f * k + c] = rows[c * dim + f];
      }
      norms_[c] = static_cast<T>(norm);
    }
  }

  // Rows of the buffer that `dots` fills.
  std::size_t stride() const { return packed_.n_slots(); }
  T norm(std::size_t c) const { return norms_[c]; }

  void dots(const T* x, std::size_t ldx, std::size_t rows, T* out) const {
    if constexpr (std::is_same_v<T, double>) {
      vector_ops().dots_f64(packed_.block(0), packed_.n_blocks(), dim_, x, ldx, rows, out,
                            stride());
    } else {
      vector_ops().dots_f32(packed_.block(0), packed_.n_blocks(), dim_, x, ldx, rows, out,
                            stride());
    }
  }
  std::int32_t nearest(const T* dots) const {
    if constexpr (std::is_same_v<T, double>) {
      return static_cast<std::int32_t>(vector_ops().argmin_f64(dots, norms_.data(), k_));
    } else {
      return static_cast<std::int32_t>(vector_ops().argmin_f32(dots, norms_.data(), k_));
    }
  }

  // Sums of x * c over the stored values of row i of a CSR matrix.
  void sparse_dots(const CsrRows<T>& x, std::size_t i, T* out) const {
    std::fill_n(out, k_, T(0));
    for (auto at = x.indptr()[i]; at < x.indptr()[i + 1]; ++at) {
      const T value = x.data()[at];
      const T* c = by_feature_.data() + static_cast<std::size_t>(x.indices()[at]) * k_;
      for (std::size_t j = 0; j < k_; ++j) out[j] += value * c[j];
    }
  }
  // The nearest centre of a CSR row; squared distances are summed up as scikit-learn does:
  // (x - c)^2 - c^2 over the stored values, then |c|^2, never below 0.
  std::int32_t sparse_nearest(const CsrRows<T>& x, std::size_t i, T* sums) const {
    std::fill_n(sums, k_, T(0));
    for (auto at = x.indptr()[i]; at < x.indptr()[i + 1]; ++at) {
      const T value = x.data()[at];
      const T* c = by_feature_.data() + static_cast<std::size_t>(x.indices()[at]) * k_;
      for (std::size_t j = 0; j < k_; ++j) {
        const T d = value - c[j];
        sums[j] += d * d - c[j] * c[j];
      }
    }
    std::size_t best = 0;
    T lowest = 0;
    for (std::size_t j = 0; j < k_; ++j) {
      const T d = std::max(T(0), static_cast<T>(sums[j] + norms_[j]));
      if (j == 0 || d < lowest) {
        best = j;
        lowest = d;
      }
    }
    return static_cast<std::int32_t>(best);
  }

 private:
  std::size_t k_, dim_;
  PackedPoints<T> packed_;
  std::vector<T> by_feature_;
  std::vector<T> norms_;
};

class KMeansBase : public Estimator {
 public:
  KMeansBase(const Attributes& self, std::string_view name) : features_(self), name_(name) {
    const ArrayView centers = self["cluster_centers_"].array();
    require(centers.ndim() == 2 && centers.extent(0) >= 1 && centers.extent(1) >= 1,
            "cluster_centers_ must be a matrix of one or more rows and columns");
    require(centers.extent(0) < (std::size_t{1} << 31), "cluster_centers_ has too many rows");
    k_ = centers.extent(0);
    features_.assume(centers.extent(1));
    const auto rows = centers.to_vector<double>();
    for (const double v : rows) require(std::isfinite(v), "cluster_centers_ is not finite");
    wide_.emplace(rows, k_, features_.count());
    if (centers.is<float>()) narrow_.emplace(centers.to_vector<float>(), k_, features_.count());
  }

  std::vector<Method> methods() const override { return {Method::predict, Method::transform}; }
  std::uint64_t work_per_row() const override { return k_ * features_.count() + 1; }
  void save(ObjectWriter& self) const override {
    features_.save(self);
    if (!may_be_completed(self)) return;
    self.otherwise("n_clusters", k_);
    self.otherwise("_n_threads", 1);
    self.otherwise("_n_features_out", k_);
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const bool narrow = narrow_ && x.is_float32();
    if (method == Method::predict) {
      if (narrow) {
        predict<float>(x, *narrow_, out);
      } else {
        predict<double>(x, *wide_, out);
      }
    } else if (narrow) {
      transform<float>(x, out);
    } else {
      transform<double>(x, out);
    }
  }

 private:
  static constexpr std::size_t kRows = 12;  // rows whose products are made at a time

  template <class T>
  void predict(const Input& x, const Centres<T>& centres, Output& out) const {
    if (x.is_csr()) {
      const auto rows = features_.csr<T>(x, name_);
      auto* y = out.array<std::int32_t>({rows.rows()});
      std::vector<T> sums(k_);
      for (std::size_t i = 0; i < rows.rows(); ++i) {
        y[i] = centres.sparse_nearest(rows, i, sums.data());
      }
      return;
    }
    const auto rows = features_.rows<T>(x, name_);
    auto* y = out.array<std::int32_t>({rows.rows()});
    kernels::AlignedVector<T> dots(std::min(kRows, rows.rows()) * centres.stride());
    for (std::size_t i = 0; i < rows.rows(); i += kRows) {
      const std::size_t n = std::min(kRows, rows.rows() - i);
      centres.dots(rows.row(i), rows.stride(), n, dots.data());
      for (std::size_t r = 0; r < n; ++r) {
        y[i + r] = centres.nearest(dots.data() + r * centres.stride());
      }
    }
  }

  // sqrt(max(0, -2 x.c + |x|^2 + |c|^2)); the sum is rounded to T before the rest.
  template <class T>
  void distances(const double* dots, double x_norm, T* y) const {
    for (std::size_t c = 0; c < k_; ++c) {
      const T d = static_cast<T>((-2 * dots[c] + x_norm) + wide_->norm(c));
      y[c] = std::sqrt(std::max(d, T(0)));
    }
  }

  template <class T>
  void transform(const Input& x, Output& out) const {
    if (x.is_csr()) {
      const auto rows = features_.csr<double>(x, name_);
      T* y = out.array<T>({rows.rows(), k_});
      std::vector<double> dots(k_);
      for (std::size_t i = 0; i < rows.rows(); ++i) {
        wide_->sparse_dots(rows, i, dots.data());
        double norm = 0;
        for (auto at = rows.indptr()[i]; at < rows.indptr()[i + 1]; ++at) {
          norm += rows.data()[at] * rows.data()[at];
        }
        distances(dots.data(), norm, y + i * k_);
      }
      return;
    }
    const auto rows = features_.rows<double>(x, name_);
    T* y = out.array<T>({rows.rows(), k_});
    kernels::AlignedVector<double> dots(std::min(kRows, rows.rows()) * wide_->stride());
    for (std::size_t i = 0; i < rows.rows(); i += kRows) {
      const std::size_t n = std::min(kRows, rows.rows() - i);
      wide_->dots(rows.row(i), rows.stride(), n, dots.data());
      for (std::size_t r = 0; r < n; ++r) {
        const double* row = rows.row(i + r);
        const double norm = vector_ops().blas_dot(row, row, features_.count());
        distances(dots.data() + r * wide_->stride(), norm, y + (i + r) * k_);
      }
    }
  }

  Features features_;
  std::string_view name_;
  std::size_t k_ = 0;
  std::optional<Centres<double>> wide_;
  std::optional<Centres<float>> narrow_;  // where the centres are float32
};

struct KMeans final : KMeansBase {
  static constexpr std::string_view type_name = "KMeans";
  explicit KMeans(const Attributes& self) : KMeansBase(self, type_name) {}
};
struct MiniBatchKMeans final : KMeansBase {
  static constexpr std::string_view type_name = "MiniBatchKMeans";
  explicit MiniBatchKMeans(const Attributes& self) : KMeansBase(self, type_name) {}
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(KMeans)
SKOPS_DEFINE(MiniBatchKMeans)
