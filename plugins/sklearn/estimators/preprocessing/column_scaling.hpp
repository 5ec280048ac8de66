// One shift and one scale a column, forwards and backwards: what StandardScaler, RobustScaler,
// MinMaxScaler and MaxAbsScaler do, in their order of rounding.
//
// `divide` first subtracts, then divides; `multiply` first multiplies, then adds; each half may be
// missing. float32 input is computed in float32 with parameters rounded to it, everything else in
// float64. Sparse matrices are scaled only: divided by multiplying with the reciprocal.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "estimators/shared/check_width.hpp"
#include "estimators/shared/csr_like.hpp"
#include "estimators/shared/numeric_input.hpp"
#include "estimators/shared/stored_matrix.hpp"
#include "skops/sdk/output.hpp"

namespace skops_sklearn {

class ColumnScaling {
 public:
  enum class Order { divide, multiply };

  ColumnScaling() = default;
  // Either vector may be empty: no shift, no scale.
  ColumnScaling(std::vector<double> shift, std::vector<double> scale)
      : shift_(std::move(shift)),
        scale_(std::move(scale)),
        shift32_(shift_.begin(), shift_.end()),
        scale32_(scale_.begin(), scale_.end()) {}

  bool shifts() const { return !shift_.empty(); }

  // An input whose columns have been counted; NaN may occur in it. `finish(values, count)` sees the
  // results, a row or all of them at a time.
  template <class Finish>
  void apply(Order order, const skops::sdk::Input& x, std::string_view estimator,
             skops::sdk::Output& out, Finish&& finish) const {
    if (x.is_float32())
      run<float>(order, x, estimator, out, finish);
    else
      run<double>(order, x, estimator, out, finish);
  }
  void apply(Order order, const skops::sdk::Input& x, std::string_view estimator,
             skops::sdk::Output& out) const {
    apply(order, x, estimator, out, [](const auto*, std::size_t) {});
  }

 private:
  template <class T, class Finish>
  void run(Order order, const skops::sdk::Input& x, std::string_view estimator,
           skops::sdk::Output& out, Finish&& finish) const {
    constexpr auto finite = skops::sdk::Finite::allow_nan;
    if (x.is_csr()) return sparse(order, finite_csr<T>(x, estimator, finite), out, finish);
    const auto rows = finite_rows<T>(x, estimator, finite);
    dense(order, rows, out.array<T>({rows.rows(), rows.columns()}), finish);
  }

  template <class T, class Finish>
  void dense(Order order, const skops::sdk::Matrix<T>& x, T* y, Finish&& finish) const {
    const std::size_t d = x.columns();
    const T* shift = vector<T>(shift_, shift32_);
    const T* scale = vector<T>(scale_, scale32_);
    for (std::size_t i = 0; i < x.rows(); ++i, y += d) {
      const T* row = x.row(i);
      if (order == Order::divide) {
        if (shift && scale) {
          for (std::size_t j = 0; j < d; ++j) y[j] = (row[j] - shift[j]) / scale[j];
        } else if (shift) {
          for (std::size_t j = 0; j < d; ++j) y[j] = row[j] - shift[j];
        } else if (scale) {
          for (std::size_t j = 0; j < d; ++j) y[j] = row[j] / scale[j];
        }
      } else {
        if (shift && scale) {
          for (std::size_t j = 0; j < d; ++j) y[j] = row[j] * scale[j] + shift[j];
        } else if (shift) {
          for (std::size_t j = 0; j < d; ++j) y[j] = row[j] + shift[j];
        } else if (scale) {
          for (std::size_t j = 0; j < d; ++j) y[j] = row[j] * scale[j];
        }
      }
      if (!shift && !scale) std::copy_n(row, d, y);
      finish(y, d);
    }
  }

  template <class T, class Finish>
  void sparse(Order order, const skops::sdk::CsrRows<T>& x, skops::sdk::Output& out,
              Finish&& finish) const {
    const auto y = csr_like<T>(x, out);
    for (std::size_t k = 0; k < x.nnz(); ++k) {
      double value = static_cast<double>(x.data()[k]);
      if (!scale_.empty()) {
        const double scale = scale_[static_cast<std::size_t>(x.indices()[k])];
        value *= order == Order::divide ? 1.0 / scale : scale;
      }
      y.data[k] = static_cast<T>(value);
    }
    finish(y.data, x.nnz());
  }

  template <class T>
  static const T* vector(const std::vector<double>& wide, const std::vector<float>& narrow) {
    if constexpr (sizeof(T) == 8)
      return wide.empty() ? nullptr : wide.data();
    else
      return narrow.empty() ? nullptr : narrow.data();
  }

  std::vector<double> shift_, scale_;
  std::vector<float> shift32_, scale32_;
};

// An attribute with one number a feature; empty where it is None or missing.
inline std::vector<double> feature_vector(const skops::sdk::Attributes& self, const char* name,
                                          skops::sdk::Features& features) {
  const skops::sdk::Value value = self.get(name);
  if (value.is_none()) return {};
  std::vector<double> out = value.vector<double>();
  features.assume(out.size());
  return out;
}

// The centre and scale of StandardScaler and RobustScaler; the parameters `with_shift` and
// `with_scale` switch them off.
inline ColumnScaling centered_scaling(const skops::sdk::Attributes& self,
                                      skops::sdk::Features& features, const char* with_shift,
                                      const char* shift_name, const char* with_scale) {
  const auto read = [&](const char* wanted, const char* name) {
    std::vector<double> values = feature_vector(self, name, features);
    if (!self.boolean(wanted, true)) return std::vector<double>();
    skops::sdk::require(!values.empty(), [&] { return std::string(name) + " is missing"; });
    return values;
  };
  std::vector<double> shift = read(with_shift, shift_name);
  return ColumnScaling(std::move(shift), read(with_scale, "scale_"));
}

}  // namespace skops_sklearn
