#include "estimators/linear_model/linear_function.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

LinearFunction::LinearFunction(const StoredMatrix& weights, const StoredVector& bias)
    : float32_(weights.float32 && (bias.values.empty() || bias.float32)),
      wide_(
          linalg::Weights<double>::by_output(weights.values.data(), weights.columns, weights.rows)),
      wide_bias_(bias.values) {
  if (!float32_) return;
  const std::vector<float> values(weights.values.begin(), weights.values.end());
  narrow_ = linalg::Weights<float>::by_output(values.data(), weights.columns, weights.rows);
  narrow_bias_.assign(bias.values.begin(), bias.values.end());
}

template <class T>
void LinearFunction::apply(const Input& x, std::string_view estimator, T* y) const {
  const std::size_t m = outputs();
  if (x.is_csr()) {
    const auto rows = finite_csr<T>(x, estimator);
    weights<T>().multiply_csr(rows.indptr(), rows.indices(), rows.data(), rows.rows(), bias<T>(), y,
                              m);
    return;
  }
  bool finite = m > 0;
  for_tiles<T>(x, [&](const T* rows, std::size_t count, std::size_t stride, std::size_t first) {
    apply(rows, count, stride, y + first * m);
    finite = finite && linalg::all_finite(y + first * m, count * m);
  });
  if (!finite) refuse_non_finite<T>(x, estimator);
}

template void LinearFunction::apply(const Input&, std::string_view, double*) const;
template void LinearFunction::apply(const Input&, std::string_view, float*) const;

}  // namespace skops_sklearn
