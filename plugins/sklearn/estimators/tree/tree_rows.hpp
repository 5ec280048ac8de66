// The rows of an input as scikit-learn's trees see them: float32, dense or CSR, checked.
#pragma once

#include <functional>
#include <span>

#include "define.hpp"
#include "trees/keys.hpp"

namespace skops_sklearn {

class TreeRows {
 public:
  // `missing`: whether dense rows may hold NaN. `any`: also infinity.
  TreeRows(const skops::sdk::Features& features, const skops::sdk::Input& x,
           std::string_view estimator, skops::sdk::Finite dense);

  std::size_t size() const { return rows_; }
  std::size_t columns() const { return columns_; }
  // Whether NaN may occur and is sent where the nodes say; walks of sparse rows do not know that.
  bool may_miss() const { return may_miss_ && !sparse_; }
  // Row i as floats; CSR rows are written to `scratch` (columns() floats).
  const float* row(std::size_t i, std::span<float> scratch) const;
  std::size_t scratch_size() const { return sparse_ ? columns_ : 0; }
  // The keys of up to 8 rows from `first`; says which of them hold NaN, one bit each.
  std::uint32_t fill_keys(std::size_t first, std::size_t count, std::span<float> scratch,
                          std::uint32_t* tile) const;
  // Up to 64 rows from `first`, column-major, as floats.
  void fill_numbers(std::size_t first, std::size_t count, std::span<float> scratch,
                    float* tile) const;

 private:
  bool sparse_ = false, may_miss_ = false;
  std::size_t rows_ = 0, columns_ = 0;
  skops::sdk::Matrix<float> dense_;
  skops::sdk::CsrRows<float> csr_;
};

// f(begin, end) for parts of [0, n) in up to `threads` threads; parts start at multiples of
// `grain`. What one of them throws is thrown again.
void in_parallel(std::size_t n, std::size_t threads, std::size_t grain,
                 const std::function<void(std::size_t, std::size_t)>& f);

}  // namespace skops_sklearn
