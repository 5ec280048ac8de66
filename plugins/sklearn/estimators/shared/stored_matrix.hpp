// Numbers that a fitted estimator holds: matrices (also sparse ones, made dense), and vectors that
// may be written as one number.
//
// Everything is widened to float64; `float32` remembers what was stored, because results take part
// in NumPy's promotion of dtypes. Errors name the attribute.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "skops/sdk/value.hpp"

namespace skops_sklearn {

struct StoredMatrix {
  std::vector<double> values;  // C order
  std::size_t rows = 0, columns = 0;
  bool one_dimensional = false;  // stored as a vector: rows = 1
  bool float32 = false;
};

// A matrix, a vector (one row), or a sparse matrix. `name` is the attribute's, for messages.
StoredMatrix read_matrix(const skops::sdk::Value& value, const char* name);

StoredMatrix transposed(const StoredMatrix& m);

struct StoredVector {
  std::vector<double> values;
  // Whether NumPy computes float32 op this in float32: a float32 array, or a Python number.
  bool float32 = false;
};

// A vector of `size` numbers, or one number for all of them.
StoredVector read_vector(const skops::sdk::Value& value, std::size_t size, const char* name);

}  // namespace skops_sklearn
