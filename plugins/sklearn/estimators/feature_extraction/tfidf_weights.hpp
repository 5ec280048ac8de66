// The fitted weights of a TfidfTransformer and what it does to one row of counts.
#pragma once

#include <span>
#include <vector>

#include "skops/sdk/value.hpp"
#include "text/weighting.hpp"

namespace skops_sklearn {

class TfidfWeights {
 public:
  // `get(name)` gives an attribute of the transformer. The weights are idf_ (a vector), or up to
  // scikit-learn 1.3 the diagonal matrix _idf_diag.
  template <class Get>
  explicit TfidfWeights(Get&& get) {
    using namespace skops::sdk;
    if (const Value norm = get("norm"); !norm.is_none()) {
      const std::string name = norm.text();
      require(name == "l1" || name == "l2", "norm is not one of 'l1', 'l2', None");
      norm_ = name == "l1" ? text::Norm::l1 : text::Norm::l2;
    }
    const Value sublinear = get("sublinear_tf");
    sublinear_ = !sublinear.is_none() && sublinear.boolean();
    const Value use_idf = get("use_idf");
    if (!use_idf.is_none() && !use_idf.boolean()) return;
    if (const Value idf = get("idf_"); !idf.is_none()) {
      require(idf.array().ndim() == 1, "idf_ must be a vector");
      idf_ = idf.template vector<double>();
    } else if (const Value diagonal = get("_idf_diag"); !diagonal.is_none()) {
      read_diagonal(diagonal);
    } else {
      unfitted("idf_");
    }
    require(!idf_.empty(), "idf_ is empty");
    weighted_ = true;
  }

  // The number of columns, 0 where any will do.
  std::size_t width() const { return idf_.size(); }

  template <class T>
  void apply(std::span<T> row, const std::int32_t* columns) const {
    if (sublinear_) text::sublinear(row);
    if (weighted_) text::weight(row, columns, idf_.data());
    text::normalize(row, norm_);
  }

 private:
  void read_diagonal(const skops::sdk::Value& value) {
    using namespace skops::sdk;
    const skops_csr& m = value.sparse();
    require(m.rows == m.columns && m.rows < (std::uint64_t{1} << 31), "_idf_diag is not square");
    const auto values = ArrayView(m.data).to_vector<double>();
    const auto columns = ArrayView(m.indices).to_vector<std::int64_t>();
    const auto indptr = ArrayView(m.indptr).to_vector<std::int64_t>();
    check(value.loading().host->charge(value.loading().context, m.rows * sizeof(double)));
    idf_.assign(m.rows, 0.0);
    for (std::size_t i = 0; i < idf_.size(); ++i) {
      for (auto k = static_cast<std::size_t>(indptr[i]);
           k < static_cast<std::size_t>(indptr[i + 1]); ++k) {
        require(columns[k] == static_cast<std::int64_t>(i), "_idf_diag is not diagonal");
        idf_[i] = values[k];
      }
    }
  }

  text::Norm norm_ = text::Norm::none;
  bool sublinear_ = false, weighted_ = false;
  std::vector<double> idf_;
};

}  // namespace skops_sklearn
