// An input as the float32 rows that scikit-learn's tree ensembles hand on to other estimators: a
// dense array or CSR matrix, without column names.
#pragma once

#include "define.hpp"

namespace skops_sklearn {

// Not movable: the input points into it.
class Float32Input {
 public:
  explicit Float32Input(const skops::sdk::Input& x) {
    raw_.size = sizeof raw_;
    raw_.rows = x.rows();
    raw_.columns = x.columns();
    if (x.is_csr()) {
      const auto values = skops::sdk::ArrayView(x.csr().data).to_vector<float>();
      values_ = skops::sdk::OwnedArray(skops::sdk::dtype_of<float>,
                                       {static_cast<std::int64_t>(values.size())});
      std::copy(values.begin(), values.end(), values_.as<float>());
      csr_ = x.csr();
      csr_.data = values_.describe();
      raw_.kind = SKOPS_INPUT_CSR;
      raw_.csr = &csr_;
      return;
    }
    matrix_ = skops::sdk::to_matrix<float>(x);
    shape_[0] = static_cast<std::int64_t>(matrix_.rows());
    shape_[1] = static_cast<std::int64_t>(matrix_.columns());
    strides_[0] = static_cast<std::int64_t>(matrix_.stride() * sizeof(float));
    array_ = {sizeof array_, matrix_.data(), &skops::sdk::dtype_of<float>, 2, shape_, strides_};
    raw_.kind = SKOPS_INPUT_DENSE;
    raw_.array = &array_;
  }
  Float32Input(const Float32Input&) = delete;
  Float32Input& operator=(const Float32Input&) = delete;

  skops::sdk::Input input() const { return skops::sdk::Input(&raw_); }

 private:
  skops::sdk::Matrix<float> matrix_;
  skops::sdk::OwnedArray values_;
  std::int64_t shape_[2] = {}, strides_[2] = {0, sizeof(float)};
  skops_array array_{};
  skops_csr csr_{};
  skops_input raw_{};
};

}  // namespace skops_sklearn
