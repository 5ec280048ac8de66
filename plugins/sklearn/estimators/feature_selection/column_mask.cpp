#include "estimators/feature_selection/column_mask.hpp"

#include "estimators/shared/any_dtype.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

ColumnMask::ColumnMask(const std::vector<bool>& keep) : position_(keep.size(), -1) {
  for (std::size_t j = 0; j < keep.size(); ++j) {
    if (!keep[j]) continue;
    position_[j] = static_cast<std::int32_t>(columns_.size());
    columns_.push_back(j);
  }
}

void ColumnMask::select(const Input& x, std::string_view estimator, Output& out) const {
  refuse_non_finite_any(x, estimator);
  if (x.is_csr()) {
    with_csr_type(x, [&]<class T, class R>(T, R) {
      if (kept() == 0) {  // scikit-learn's answer is dense then
        out.array<R>({x.rows(), 0});
        return;
      }
      const CsrRows<T> rows(x.csr());
      std::size_t count = 0;
      for (std::size_t i = 0; i < rows.rows(); ++i)
        for (auto k = rows.indptr()[i]; k < rows.indptr()[i + 1]; ++k)
          count += position_[static_cast<std::size_t>(rows.indices()[k])] >= 0;
      const auto y = out.csr<R>(rows.rows(), kept(), count);
      std::int32_t at = 0;
      for (std::size_t i = 0; i < rows.rows(); ++i) {
        y.indptr[i] = at;
        for (auto k = rows.indptr()[i]; k < rows.indptr()[i + 1]; ++k) {
          const std::int32_t to = position_[static_cast<std::size_t>(rows.indices()[k])];
          if (to < 0) continue;
          y.indices[at] = to;
          y.data[at++] = rows.data()[k];
        }
      }
      y.indptr[rows.rows()] = at;
    });
    return;
  }
  const AnyRows rows(x);
  char* y = rows.allocate(out, kept());
  const std::size_t size = rows.itemsize();
  for (std::size_t i = 0; i < x.rows(); ++i)
    for (const std::size_t j : columns_) {
      rows.copy(i, j, y, out);
      y += size;
    }
}

void ColumnMask::restore(const Input& x, std::string_view estimator, Output& out) const {
  refuse_non_finite_any(x, estimator);
  const std::size_t width = position_.size();
  if (x.is_csr()) {
    with_csr_type(x, [&]<class T, class R>(T, R) {
      const CsrRows<T> rows(x.csr());
      const auto y = out.csr<R>(rows.rows(), width, rows.nnz());
      for (std::size_t i = 0; i <= rows.rows(); ++i)
        y.indptr[i] = static_cast<std::int32_t>(rows.indptr()[i]);
      for (std::size_t k = 0; k < rows.nnz(); ++k) {
        y.indices[k] =
            static_cast<std::int32_t>(columns_[static_cast<std::size_t>(rows.indices()[k])]);
        y.data[k] = rows.data()[k];
      }
    });
    return;
  }
  const AnyRows rows(x);
  char* y = rows.allocate(out, width);
  const std::size_t size = rows.itemsize();
  std::memset(y, 0, x.rows() * width * size);
  for (std::size_t i = 0; i < x.rows(); ++i)
    for (std::size_t k = 0; k < columns_.size(); ++k)
      rows.copy(i, k, y + (i * width + columns_[k]) * size, out);
}

}  // namespace skops_sklearn
