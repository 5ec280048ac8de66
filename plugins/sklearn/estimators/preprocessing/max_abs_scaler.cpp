// sklearn.preprocessing.MaxAbsScaler: X / scale_, sparse matrices stay sparse.
#include "define.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class MaxAbsScaler final : public Estimator {
 public:
  static constexpr std::string_view type_name = "MaxAbsScaler";

  explicit MaxAbsScaler(const Attributes& self) : features_(self) {
    const auto scale = self["scale_"].vector<double>();
    features_.assume(scale.size());
    scale_ = scale;
    clip_ = self.boolean("clip", false);  // since 1.9
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }

  void call(Method method, const Input& x, const Options&, Output& out) const override {
    // float32 stays float32, everything else is computed in float64.
    if (x.is_float32()) {
      run<float>(method, x, out);
    } else {
      run<double>(method, x, out);
    }
  }

 private:
  template <class T>
  T scaled(Method method, T value, std::size_t j) const {
    if (method == Method::inverse_transform)
      return static_cast<T>(value * static_cast<T>(scale_[j]));
    const T y = static_cast<T>(value / static_cast<T>(scale_[j]));
    return clip_ ? std::clamp(y, T(-1), T(1)) : y;
  }

  template <class T>
  void run(Method method, const Input& x, Output& out) const {
    if (x.is_csr()) {
      const auto rows = features_.csr<T>(x, type_name, Finite::allow_nan);
      auto y = out.csr<T>(rows.rows(), rows.columns(), rows.nnz());
      for (std::size_t i = 0; i <= rows.rows(); ++i) {
        y.indptr[i] = static_cast<std::int32_t>(rows.indptr()[i]);
      }
      for (std::size_t k = 0; k < rows.nnz(); ++k) {
        const auto j = rows.indices()[k];
        y.indices[k] = j;
        y.data[k] = scaled<T>(method, rows.data()[k], static_cast<std::size_t>(j));
      }
      return;
    }
    const auto rows = features_.rows<T>(x, type_name, Finite::allow_nan);
    const std::size_t n = rows.rows(), d = rows.columns();
    T* y = out.array<T>({n, d});
    for (std::size_t i = 0; i < n; ++i) {
      const T* row = rows.row(i);
      for (std::size_t j = 0; j < d; ++j) y[i * d + j] = scaled<T>(method, row[j], j);
    }
  }

  Features features_;
  std::vector<double> scale_;
  bool clip_ = false;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(MaxAbsScaler)
