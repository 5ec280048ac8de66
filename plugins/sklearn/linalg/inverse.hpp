// The inverse of a small dense matrix and the logarithm of its determinant, by Gauss-Jordan
// elimination with partial pivoting. Meant for symmetric positive definite matrices, works for any.
#pragma once

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace skops_sklearn::linalg {

struct Inverse {
  std::vector<double> values;    // n × n
  double log_determinant = 0.0;  // of the absolute value
  bool positive = true;          // sign of the determinant
  bool singular = false;
};

inline Inverse invert(std::vector<double> a, std::size_t n) {
  Inverse out;
  out.values.assign(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) out.values[i * n + i] = 1.0;
  std::vector<double>& b = out.values;
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::fabs(a[i * n + k]) > std::fabs(a[pivot * n + k])) pivot = i;
    const double p = a[pivot * n + k];
    if (!(std::fabs(p) > 0) || !std::isfinite(p)) {
      out.singular = true;
      return out;
    }
    if (pivot != k) {
      for (std::size_t j = 0; j < n; ++j) {
        std::swap(a[k * n + j], a[pivot * n + j]);
        std::swap(b[k * n + j], b[pivot * n + j]);
      }
      out.positive = !out.positive;
    }
    out.log_determinant += std::log(std::fabs(p));
    if (p < 0) out.positive = !out.positive;
    for (std::size_t j = 0; j < n; ++j) {
      a[k * n + j] /= p;
      b[k * n + j] /= p;
    }
    for (std::size_t i = 0; i < n; ++i) {
      const double factor = a[i * n + k];
      if (i == k || factor == 0) continue;
      for (std::size_t j = 0; j < n; ++j) {
        a[i * n + j] -= factor * a[k * n + j];
        b[i * n + j] -= factor * b[k * n + j];
      }
    }
  }
  return out;
}

}  // namespace skops_sklearn::linalg
