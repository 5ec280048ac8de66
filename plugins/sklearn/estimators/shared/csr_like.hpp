// A sparse result with the entries of its input where they are, for steps that change nothing but
// their values.
#pragma once

#include <algorithm>

#include "skops/sdk/input.hpp"
#include "skops/sdk/output.hpp"

namespace skops_sklearn {

// The rows and columns of `x`; the values are left to the caller, in the order of x.data().
template <class R, class T>
skops::sdk::Output::Sparse<R> csr_like(const skops::sdk::CsrRows<T>& x, skops::sdk::Output& out) {
  const auto y = out.csr<R>(x.rows(), x.columns(), x.nnz());
  std::copy_n(x.indices(), x.nnz(), y.indices);
  std::transform(x.indptr(), x.indptr() + x.rows() + 1, y.indptr,
                 [](std::int64_t at) { return static_cast<std::int32_t>(at); });
  return y;
}

}  // namespace skops_sklearn
