#include "meta/columns.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

namespace skops_sklearn::meta {

using namespace skops::sdk;

namespace {

void check_range(const Input& x, std::span<const std::size_t> indices) {
  for (const std::size_t j : indices) {
    if (j < x.columns()) continue;
    bad_input("X has " + std::to_string(x.columns()) + " features, but column " +
              std::to_string(j) + " is needed");
  }
}

}  // namespace

Columns::Columns(const Input& x, std::span<const std::size_t> indices, bool one_dimensional) {
  input_.size = sizeof input_;
  input_.rows = x.rows();
  input_.columns = indices.size();
  const bool flat = one_dimensional && indices.size() == 1;
  if (x.is_table()) {
    of_table(x, indices, flat);
  } else if (x.is_csr()) {
    of_csr(x, indices);
  } else if (x.is_dense()) {
    of_dense(x, indices, flat);
  } else {
    throw Failure(SKOPS_INPUT, "input.form", "a table or matrix is expected, not documents");
  }
}

// Documents out of a column of texts.
void Columns::as_text(const ArrayView& column) {
  input_.kind = SKOPS_INPUT_TEXT;
  input_.columns = 1;
  const std::size_t n = column.extent(0);
  text_.reserve(n);
  if (column.kind() == 'U') {
    decoded_.reserve(n);
    for (std::size_t i = 0; i < n; ++i) {
      decoded_.push_back(ucs4_to_utf8(column.at(i), column.itemsize()));
      text_.push_back(str(decoded_.back()));
    }
  } else {
    for (std::size_t i = 0; i < n; ++i) {
      const auto cell = load_as<skops_cell>(column.at(i));
      if (cell.kind != SKOPS_CELL_STRING) {
        bad_input("a document is not a text; np.nan is an invalid document, expected str");
      }
      text_.push_back(cell.as.string);
    }
  }
  input_.text = text_.data();
}

void Columns::of_dense(const Input& x, std::span<const std::size_t> indices, bool flat) {
  const ArrayView a = x.array();
  if (a.ndim() != 2) bad_input("Expected 2D array, got 1D array instead");
  check_range(x, indices);
  input_.kind = SKOPS_INPUT_DENSE;
  shape_[0] = static_cast<std::int64_t>(x.rows());
  shape_[1] = static_cast<std::int64_t>(indices.size());
  array_ = *a.raw();
  array_.shape = shape_;
  array_.strides = strides_;
  bool run = true;
  for (std::size_t k = 1; k < indices.size(); ++k) run &= indices[k] == indices[0] + k;
  if (run) {
    strides_[0] = a.stride(0);
    strides_[1] = a.stride(1);
    if (!indices.empty())
      array_.data = a.data() + static_cast<std::int64_t>(indices[0]) * a.stride(1);
  } else {
    const std::size_t item = a.itemsize();
    bytes_.resize(area(x.rows(), indices.size(), item) * item);
    char* to = bytes_.data();
    for (std::size_t i = 0; i < x.rows(); ++i) {
      for (const std::size_t j : indices) {
        std::memcpy(to, a.at(i, j), item);
        to += item;
      }
    }
    strides_[1] = static_cast<std::int64_t>(item);
    strides_[0] = strides_[1] * shape_[1];
    array_.data = bytes_.data();
  }
  input_.array = &array_;
  if (!flat) return;
  array_.ndim = 1;
  if (a.kind() == 'U' || a.kind() == 'O') as_text(ArrayView(&array_));
}

void Columns::of_table(const Input& x, std::span<const std::size_t> indices, bool flat) {
  check_range(x, indices);
  if (flat) {
    const ArrayView column = x.column(indices[0]);
    if (column.kind() == 'U' || column.kind() == 'O') return as_text(column);
    input_.kind = SKOPS_INPUT_DENSE;
    input_.array = column.raw();
    return;
  }
  input_.kind = SKOPS_INPUT_TABLE;
  for (const std::size_t j : indices) table_.push_back(x.raw()->table[j]);
  input_.table = table_.data();
}

void Columns::of_csr(const Input& x, std::span<const std::size_t> indices) {
  check_range(x, indices);
  const skops_csr& csr = x.csr();
  const ArrayView data(csr.data);
  const auto from_indices = ArrayView(csr.indices).to_vector<std::int64_t>();
  const auto from_indptr = ArrayView(csr.indptr).to_vector<std::int64_t>();
  // Where each column goes; one column may be selected several times. Columns after the last
  // selected one need no place: a sparse matrix may have as many as it likes.
  const std::size_t end = indices.empty() ? 0 : *std::ranges::max_element(indices) + 1;
  std::vector<std::vector<std::int32_t>> targets(end);
  for (std::size_t k = 0; k < indices.size(); ++k) {
    targets[indices[k]].push_back(static_cast<std::int32_t>(k));
  }
  std::vector<std::int32_t> new_indices;
  std::vector<std::int64_t> source;
  sparse_indptr_ = OwnedArray(dtype_of<std::int32_t>, {static_cast<std::int64_t>(x.rows()) + 1});
  auto* indptr = sparse_indptr_.as<std::int32_t>();
  indptr[0] = 0;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::int64_t k = from_indptr[i]; k < from_indptr[i + 1]; ++k) {
      const auto column = static_cast<std::size_t>(from_indices[static_cast<std::size_t>(k)]);
      if (column >= end) continue;
      for (const std::int32_t target : targets[column]) {
        new_indices.push_back(target);
        source.push_back(k);
      }
    }
    if (new_indices.size() > INT32_MAX) {
      bad_input("the selected columns have too many entries", "pass fewer rows at a time");
    }
    indptr[i + 1] = static_cast<std::int32_t>(new_indices.size());
  }
  const auto nnz = static_cast<std::int64_t>(source.size());
  sparse_indices_ = OwnedArray(dtype_of<std::int32_t>, {nnz});
  std::copy(new_indices.begin(), new_indices.end(), sparse_indices_.as<std::int32_t>());
  sparse_data_ = OwnedArray(data.dtype(), {nnz});
  for (std::size_t k = 0; k < source.size(); ++k) {
    std::memcpy(sparse_data_.bytes.data() + k * data.itemsize(),
                data.at(static_cast<std::size_t>(source[k])), data.itemsize());
  }
  csr_ = {sizeof csr_,
          x.rows(),
          indices.size(),
          sparse_data_.describe(),
          sparse_indices_.describe(),
          sparse_indptr_.describe()};
  input_.kind = SKOPS_INPUT_CSR;
  input_.csr = &csr_;
}

}  // namespace skops_sklearn::meta
