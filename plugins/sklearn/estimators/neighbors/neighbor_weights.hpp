// Weights of neighbours, and sums in numpy's order.
#pragma once

#include <cstddef>
#include <string_view>

#include "define.hpp"

namespace skops_sklearn {

// True for 'distance', false for 'uniform' and None; functions need Python.
bool weighs_by_distance(const skops::sdk::Attributes& self);

// Turns the distances of one row into weights 1 / d. Where one of them is 0 (or so small that its
// weight is infinite), those have weight 1 and all others 0.
void weights_of_distances(double* distances, std::size_t k);

// numpy's sum of n neighbouring values: eight partial sums, halves beyond 128 values.
template <class T>
T numpy_sum(const T* values, std::size_t n) {
  if (n < 8) {
    T sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += values[i];
    return sum;
  }
  if (n <= 128) {
    T part[8];
    for (std::size_t j = 0; j < 8; ++j) part[j] = values[j];
    std::size_t i = 8;
    for (; i + 8 <= n; i += 8) {
      for (std::size_t j = 0; j < 8; ++j) part[j] += values[i + j];
    }
    T sum =
        ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    for (; i < n; ++i) sum += values[i];
    return sum;
  }
  // At most log2(n) deep.
  const std::size_t half = n / 2 - (n / 2) % 8;
  return numpy_sum(values, half) + numpy_sum(values + half, n - half);
}

}  // namespace skops_sklearn
