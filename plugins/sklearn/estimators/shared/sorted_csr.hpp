// A CSR matrix in float64 whose rows have sorted columns that occur once, as the kernels want it.
//
// The boundary promises indices in range and a sound indptr, not their order; matrices that are in
// order already are not copied. Values of a column that occurs twice are added up, which is what
// the matrix means.
#pragma once

#include <vector>

#include "kernels/sparse_view.hpp"
#include "skops/sdk/features.hpp"

namespace skops_sklearn {

class SortedCsr {
 public:
  explicit SortedCsr(const skops_csr& csr) : SortedCsr(skops::sdk::CsrRows<double>(csr)) {}
  explicit SortedCsr(skops::sdk::CsrRows<double> rows);

  // Valid while this object lives where it is.
  kernels::CsrView view() const;
  std::size_t rows() const { return source_.rows(); }
  std::size_t columns() const { return source_.columns(); }

 private:
  void sort();

  skops::sdk::CsrRows<double> source_;
  bool sorted_ = true;
  std::vector<double> values_;  // used where the source was out of order
  std::vector<std::int32_t> columns_;
  std::vector<std::int64_t> indptr_;
};

}  // namespace skops_sklearn
