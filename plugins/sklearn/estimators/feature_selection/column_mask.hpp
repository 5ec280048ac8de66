// Keeping some columns and putting them back between zeros: what every selector of features does.
//
// Dense arrays keep their dtype, whatever it is (texts and objects too); tables become the array
// that NumPy would make of their columns; CSR stays CSR, with its explicit entries.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "estimators/shared/check_width.hpp"
#include "estimators/shared/numeric_input.hpp"
#include "skops/sdk/output.hpp"

namespace skops_sklearn {

class ColumnMask {
 public:
  ColumnMask() = default;
  explicit ColumnMask(const std::vector<bool>& keep);

  std::size_t kept() const { return columns_.size(); }

  // Columns of both have been counted; values are checked to be finite.
  void select(const skops::sdk::Input& x, std::string_view estimator,
              skops::sdk::Output& out) const;
  void restore(const skops::sdk::Input& x, std::string_view estimator,
               skops::sdk::Output& out) const;

 private:
  std::vector<std::size_t> columns_;    // the kept ones
  std::vector<std::int32_t> position_;  // of each column among the kept ones, or -1
};

}  // namespace skops_sklearn
