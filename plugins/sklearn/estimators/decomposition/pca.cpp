// sklearn.decomposition.PCA: transform, inverse_transform and score_samples.
//
// transform is X Cᵀ - mean Cᵀ, divided by the square roots of the variances when whitening: one
// product with a bias. float32 input stays float32 where the components are float32.
//
// score_samples is the log-density of N(mean, Σ) with Σ = C'ᵀ D C' + σ² I. By the matrix inversion
// lemma, with A = C' C'ᵀ / σ² + D⁻¹: xᵀ Σ⁻¹ x = |x|² / σ² - (C' x)ᵀ A⁻¹ (C' x) / σ⁴ and
// log det Σ⁻¹ = -d log σ² - log det D - log det A. Without noise Σ itself is inverted. The inverse
// is computed by the first call that needs it.
#include <cmath>
#include <mutex>
#include <numbers>

#include "define.hpp"
#include "estimators/decomposition/projection.hpp"
#include "linalg/inverse.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class PCA final : public Estimator {
 public:
  static constexpr std::string_view type_name = "PCA";

  explicit PCA(const Attributes& self) : features_(self) {
    components_ = read_matrix(self["components_"], "components_");
    require(!components_.one_dimensional, "components_ must be a matrix");
    const std::size_t m = components_.rows, d = components_.columns;
    features_.assume(d);
    mean_ = exact(self, "mean_", d);
    variance_ = exact(self, "explained_variance_", m).values;
    noise_ = self["noise_variance_"].real();
    whiten_ = self.boolean("whiten", false);

    StoredMatrix forward = components_;
    std::vector<double> bias(m);
    for (std::size_t k = 0; k < m; ++k) {
      double* row = forward.values.data() + k * d;
      for (std::size_t j = 0; j < d; ++j) bias[k] -= mean_.values[j] * row[j];
      if (!whiten_) continue;
      // A variance of nothing must not divide by nothing.
      const double scale = std::max(std::sqrt(variance_[k]), eps());
      for (std::size_t j = 0; j < d; ++j) row[j] /= scale;
      bias[k] /= scale;
    }
    forward_ = LinearFunction(forward, {bias, mean_.float32});
    StoredMatrix scaled = components_;
    if (whiten_) {
      for (std::size_t k = 0; k < m; ++k)
        for (std::size_t j = 0; j < d; ++j) scaled.values[k * d + j] *= std::sqrt(variance_[k]);
    }
    backward_ = LinearFunction(transposed(scaled), mean_);
    components_ = std::move(scaled);
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform, Method::score_samples};
  }
  std::uint64_t work_per_row() const override {
    return components_.columns * (components_.rows + 2) + components_.rows * components_.rows;
  }
  void save(ObjectWriter& self) const override {
    features_.save(self);
    if (may_be_completed(self)) self.otherwise("n_components_", components_.rows);
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (method == Method::inverse_transform) {
      check_width(x, components_.rows, type_name);
      return project(backward_, x, type_name, x.is_float32() && backward_.single(x), out);
    }
    features_.check(x, type_name);
    if (method == Method::transform) {
      return project(forward_, x, type_name, x.is_float32() && forward_.single(x), out);
    }
    if (x.is_csr()) {
      bad_input("Sparse data was passed, but dense data is required",
                "use '.toarray()' to convert to a dense array");
    }
    if (x.is_float32() && forward_.single(x))
      score(x, out.array<float>({x.rows()}));
    else
      score(x, out.array<double>({x.rows()}));
  }

 private:
  // What score_samples needs: the quadratic form of z = C' x, or of x itself without noise.
  struct Density {
    bool of_projection = true;
    std::vector<double> form;    // A⁻¹ / σ⁴, or Σ⁻¹
    double log_determinant = 0;  // of Σ⁻¹
  };

  static StoredVector exact(const Attributes& self, const char* name, std::size_t size) {
    const Value value = self[name];
    require(value.is(Kind::array) && value.array().size() == size,
            [&] { return std::string(name) + " must have " + std::to_string(size) + " elements"; });
    return read_vector(value, size, name);
  }
  double eps() const {
    return components_.float32 ? static_cast<double>(std::numeric_limits<float>::epsilon())
                               : std::numeric_limits<double>::epsilon();
  }

  Density density() const {
    const std::size_t m = components_.rows, d = components_.columns;
    const std::vector<double>& c = components_.values;  // scaled where whitening
    std::vector<double> difference(m);
    for (std::size_t k = 0; k < m; ++k)
      difference[k] = variance_[k] > noise_ ? variance_[k] - noise_ : 0.0;
    Density out;
    if (noise_ == 0) {
      if (m < d) {
        unsupported("score_samples: without noise the covariance is singular",
                    "fit with fewer components");
      }
      std::vector<double> covariance(d * d);
      for (std::size_t k = 0; k < m; ++k)
        for (std::size_t i = 0; i < d; ++i)
          for (std::size_t j = 0; j < d; ++j)
            covariance[i * d + j] += c[k * d + i] * difference[k] * c[k * d + j];
      linalg::Inverse inverse = linalg::invert(std::move(covariance), d);
      if (inverse.singular) unsupported("score_samples: the covariance is singular");
      out.of_projection = false;
      out.form = std::move(inverse.values);
      out.log_determinant = inverse.positive ? -inverse.log_determinant : -INFINITY;
      return out;
    }
    std::vector<double> a(m * m);
    for (std::size_t k = 0; k < m; ++k) {
      if (difference[k] == 0)
        unsupported("score_samples: a component's variance does not exceed the noise");
      for (std::size_t l = 0; l < m; ++l) {
        double sum = 0;
        for (std::size_t j = 0; j < d; ++j) sum += c[k * d + j] * c[l * d + j];
        a[k * m + l] = sum / noise_;
      }
      a[k * m + k] += 1.0 / difference[k];
    }
    linalg::Inverse inverse = linalg::invert(std::move(a), m);
    if (inverse.singular) unsupported("score_samples: the covariance is singular");
    out.form = std::move(inverse.values);
    for (double& value : out.form) value /= noise_ * noise_;
    out.log_determinant = -static_cast<double>(d) * std::log(noise_) - inverse.log_determinant;
    for (std::size_t k = 0; k < m; ++k) out.log_determinant -= std::log(difference[k]);
    return out;
  }

  template <class T>
  void score(const Input& x, T* y) const {
    std::call_once(once_, [&] { density_ = density(); });
    const std::size_t m = components_.rows, d = components_.columns;
    const auto rows = finite_rows<double>(x, type_name);
    const double constant = 0.5 * (static_cast<double>(d) * std::log(2.0 * std::numbers::pi) -
                                   density_.log_determinant);
    const std::size_t size = density_.of_projection ? m : d;
    std::vector<double> centered(d), projected(m);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      double square = 0;
      for (std::size_t j = 0; j < d; ++j) {
        centered[j] = rows(i, j) - mean_.values[j];
        square += centered[j] * centered[j];
      }
      for (std::size_t k = 0; density_.of_projection && k < m; ++k) {
        projected[k] = 0;
        for (std::size_t j = 0; j < d; ++j)
          projected[k] += components_.values[k * d + j] * centered[j];
      }
      const double* z = density_.of_projection ? projected.data() : centered.data();
      double form = 0;
      for (std::size_t k = 0; k < size; ++k) {
        double sum = 0;
        for (std::size_t l = 0; l < size; ++l) sum += density_.form[k * size + l] * z[l];
        form += sum * z[k];
      }
      const double distance = density_.of_projection ? square / noise_ - form : form;
      y[i] = static_cast<T>(-0.5 * distance - constant);
    }
  }

  Features features_;
  StoredMatrix components_;  // scaled where whitening
  StoredVector mean_;
  std::vector<double> variance_;
  double noise_ = 0;
  bool whiten_ = false;
  LinearFunction forward_, backward_;
  mutable std::once_flag once_;
  mutable Density density_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(PCA)
