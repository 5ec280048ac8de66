// The check of an input whose columns are not the features that an estimator was fitted on: what
// inverse_transform takes.
#pragma once

#include <string>
#include <string_view>

#include "skops/sdk/input.hpp"

namespace skops_sklearn {

// `width` columns, at least one row, dense or a table, and CSR where `sparse`.
inline void check_width(const skops::sdk::Input& x, std::size_t width, std::string_view estimator,
                        bool sparse = false) {
  using skops::sdk::bad_input;
  const std::string name(estimator);
  if (x.is_text()) bad_input(name + " takes a matrix, not documents");
  if (x.is_csr() && !sparse) {
    bad_input("Sparse data was passed, but dense data is required",
              "use '.toarray()' to convert to a dense array");
  }
  if (x.is_dense() && x.array().ndim() != 2) {
    bad_input("Expected 2D array, got " + std::to_string(x.array().ndim()) + "D array instead",
              "reshape the data, one row a sample");
  }
  if (x.columns() != width) {
    bad_input("X has " + std::to_string(x.columns()) + " columns, but " + name + " is expecting " +
              std::to_string(width));
  }
  if (x.rows() == 0) {
    bad_input("Found array with 0 sample(s) while a minimum of 1 is required by " + name);
  }
}

}  // namespace skops_sklearn
