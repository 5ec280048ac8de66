// The arithmetic of TfidfTransformer on the stored values of one CSR row, in scikit-learn's order:
// 1 + log(tf), times idf, divided by the norm.
//
// T is float or double. Sums of squares are products in T, added up in double; rows whose norm is 0
// stay as they are.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

namespace skops_sklearn::text {

enum class Norm : std::uint8_t { none, l1, l2 };

template <class T>
void sublinear(std::span<T> values) {
  for (T& v : values) v = static_cast<T>(std::log(v)) + T(1);
}

// `idf` has one weight a column. The product of two floats is exact in double, so that it is
// rounded once.
template <class T>
void weight(std::span<T> values, const std::int32_t* columns, const double* idf) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    values[k] = static_cast<T>(static_cast<double>(values[k]) * idf[columns[k]]);
  }
}

template <class T>
void normalize(std::span<T> values, Norm norm) {
  if (norm == Norm::none) return;
  double sum = 0;
  if (norm == Norm::l2) {
    for (const T v : values) sum += static_cast<double>(v * v);
  } else {
    for (const T v : values) sum += std::fabs(static_cast<double>(v));
  }
  if (sum == 0) return;
  if (norm == Norm::l2) sum = std::sqrt(sum);
  for (T& v : values) v = static_cast<T>(static_cast<double>(v) / sum);
}

}  // namespace skops_sklearn::text
