// A CSR matrix that somebody else owns: float64 values, int32 columns, int64 row starts.
//
// Whoever makes one has checked it: indptr starts at 0, does not decrease and ends at the length of
// both arrays; 0 <= column < n_cols; columns of a row are sorted and occur once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace skops_sklearn::kernels {

struct CsrView {
  std::size_t n_rows = 0;
  std::size_t n_cols = 0;
  std::span<const double> values;
  std::span<const std::int32_t> columns;
  std::span<const std::int64_t> indptr;  // n_rows + 1

  std::span<const double> row_values(std::size_t r) const {
    return values.subspan(static_cast<std::size_t>(indptr[r]), row_size(r));
  }
  std::span<const std::int32_t> row_columns(std::size_t r) const {
    return columns.subspan(static_cast<std::size_t>(indptr[r]), row_size(r));
  }
  std::size_t row_size(std::size_t r) const {
    return static_cast<std::size_t>(indptr[r + 1] - indptr[r]);
  }
};

}  // namespace skops_sklearn::kernels
