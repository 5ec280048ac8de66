// y = X W + b for fitted weights: what every linear model, PCA and discrete naive Bayes compute.
//
// Computed in float32 where NumPy would (input, weights and bias within float32), otherwise in
// float64. A sum over a row is not finite whenever an element of the row is not, so the input is
// searched for NaN and infinities only when a result is not finite.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "estimators/shared/numeric_input.hpp"
#include "estimators/shared/stored_matrix.hpp"
#include "linalg/weights.hpp"

namespace skops_sklearn {

class LinearFunction {
 public:
  LinearFunction() = default;
  // `weights` has one row an output; `bias` is empty or has one number an output.
  LinearFunction(const StoredMatrix& weights, const StoredVector& bias);

  std::size_t inputs() const { return wide_.inputs(); }
  std::size_t outputs() const { return wide_.outputs(); }
  // Whether the result for this input is float32.
  bool single(const skops::sdk::Input& x) const { return float32_ && within_float32(x); }

  // y (rows × outputs) for an input whose columns have been counted. T is float only if single(x).
  template <class T>
  void apply(const skops::sdk::Input& x, std::string_view estimator, T* y) const;

  // The same for rows of T at hand, without any check.
  template <class T>
  void apply(const T* rows, std::size_t count, std::size_t stride, T* y) const {
    weights<T>().multiply(rows, count, stride, bias<T>(), y, outputs());
  }

 private:
  template <class T>
  const linalg::Weights<T>& weights() const {
    if constexpr (sizeof(T) == 8)
      return wide_;
    else
      return narrow_;
  }
  template <class T>
  const T* bias() const {
    if constexpr (sizeof(T) == 8)
      return wide_bias_.empty() ? nullptr : wide_bias_.data();
    else
      return narrow_bias_.empty() ? nullptr : narrow_bias_.data();
  }

  bool float32_ = false;
  linalg::Weights<double> wide_;
  linalg::Weights<float> narrow_;
  std::vector<double> wide_bias_;
  std::vector<float> narrow_bias_;
};

}  // namespace skops_sklearn
