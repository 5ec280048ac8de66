#include "estimators/shared/sorted_csr.hpp"

#include <algorithm>
#include <utility>

namespace skops_sklearn {

SortedCsr::SortedCsr(skops::sdk::CsrRows<double> rows) : source_(std::move(rows)) {
  for (std::size_t r = 0; sorted_ && r < source_.rows(); ++r) {
    for (auto k = source_.indptr()[r] + 1; k < source_.indptr()[r + 1]; ++k) {
      sorted_ = sorted_ && source_.indices()[k - 1] < source_.indices()[k];
    }
  }
  if (!sorted_) sort();
}

void SortedCsr::sort() {
  std::vector<std::pair<std::int32_t, double>> row;
  indptr_.push_back(0);
  for (std::size_t r = 0; r < source_.rows(); ++r) {
    row.clear();
    for (auto k = source_.indptr()[r]; k < source_.indptr()[r + 1]; ++k) {
      row.emplace_back(source_.indices()[k], source_.data()[k]);
    }
    std::stable_sort(row.begin(), row.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    const std::size_t begin = values_.size();
    for (const auto& [column, value] : row) {
      if (values_.size() > begin && columns_.back() == column) {
        values_.back() += value;
      } else {
        columns_.push_back(column);
        values_.push_back(value);
      }
    }
    indptr_.push_back(static_cast<std::int64_t>(values_.size()));
  }
}

kernels::CsrView SortedCsr::view() const {
  if (!sorted_) return {source_.rows(), source_.columns(), values_, columns_, indptr_};
  const std::size_t nnz = source_.nnz();
  return {source_.rows(),
          source_.columns(),
          {source_.data(), nnz},
          {source_.indices(), nnz},
          {source_.indptr(), source_.rows() + 1}};
}

}  // namespace skops_sklearn
