// Labels given to LabelEncoder and LabelBinarizer: a list of texts, a vector, or a single column.
#pragma once

#include <string>
#include <string_view>

#include "estimators/preprocessing/category_column.hpp"

namespace skops_sklearn {

// f(values) with the labels as a one-dimensional array.
template <class F>
void with_labels(const skops::sdk::Input& x, F&& f) {
  using namespace skops::sdk;
  if (x.is_text()) {
    std::vector<skops_cell> cells(x.rows());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      cells[i].kind = SKOPS_CELL_STRING;
      cells[i].as.string = x.text()[i];
    }
    const auto extent = static_cast<std::int64_t>(cells.size());
    const std::int64_t stride = sizeof(skops_cell);
    const skops_array array = {sizeof array, cells.data(), &dtype_of<skops_cell>, 1,
                               &extent,      &stride};
    return f(ArrayView(&array));
  }
  if (x.is_table() && x.columns() == 1) return f(x.column(0));
  if (x.is_dense() && x.array().ndim() == 1) return f(x.array());
  if (x.is_dense() && x.array().ndim() == 2 && x.columns() == 1) return with_column(x, 0, f);
  bad_input("y should be a 1d array, got an array of shape (" + std::to_string(x.rows()) + ", " +
            std::to_string(x.columns()) + ") instead.");
}

}  // namespace skops_sklearn
