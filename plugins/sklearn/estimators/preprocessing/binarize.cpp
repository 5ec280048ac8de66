#include "estimators/preprocessing/binarize.hpp"

#include "estimators/shared/any_dtype.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

template <class T>
bool above(T value, double threshold) {
  if constexpr (std::is_same_v<T, float>)
    return value > static_cast<float>(threshold);
  else
    return static_cast<double>(value) > threshold;
}

void sparse(const Input& x, double threshold, Output& out) {
  if (threshold < 0) bad_input("Cannot binarize a sparse matrix with threshold < 0");
  with_csr_type(x, [&]<class T, class R>(T, R) {
    const CsrRows<T> rows(x.csr());
    std::size_t count = 0;
    for (std::size_t k = 0; k < rows.nnz(); ++k) count += above(rows.data()[k], threshold);
    const auto y = out.csr<R>(rows.rows(), rows.columns(), count);
    std::fill_n(y.data, count, R(1));
    std::int32_t at = 0;
    y.indptr[0] = 0;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      for (auto k = rows.indptr()[i]; k < rows.indptr()[i + 1]; ++k) {
        if (above(rows.data()[k], threshold)) y.indices[at++] = rows.indices()[k];
      }
      y.indptr[i + 1] = at;
    }
  });
}

}  // namespace

void binarize(const Input& x, double threshold, std::string_view estimator, Output& out) {
  refuse_non_finite_any(x, estimator);
  if (x.is_csr()) return sparse(x, threshold, out);
  const skops_dtype dtype = x.is_table() ? common_dtype(x) : x.array().dtype();
  if (dtype.kind == 'U' || dtype.kind == 'S') {
    bad_input("dtype='numeric' is not compatible with arrays of bytes/strings",
              "convert your data to numeric values explicitly");
  }
  const auto dense = [&]<class R>(R) {
    using T = std::conditional_t<std::is_same_v<R, bool>, std::uint8_t, R>;
    const auto rows = to_matrix<T>(x);
    R* y = out.array<R>({rows.rows(), rows.columns()});
    for (std::size_t i = 0; i < rows.rows(); ++i)
      for (std::size_t j = 0; j < rows.columns(); ++j)
        *y++ = static_cast<R>(above(rows(i, j), threshold));
  };
  if (!with_type(dtype, dense)) dense(double{});
}

}  // namespace skops_sklearn
