// Some columns of an input as an input of their own: views where the data allows it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "skops/sdk/input.hpp"

namespace skops_sklearn::meta {

// Holds whatever the selected input needs. Not movable: the input points into it.
class Columns {
 public:
  // An input with fewer columns than `indices` need is refused: a file need not say how many its
  // model has. With `one_dimensional`, the single column as documents
  // (where it holds texts) or as an array of one dimension.
  Columns(const skops::sdk::Input& x, std::span<const std::size_t> indices, bool one_dimensional);
  Columns(const Columns&) = delete;
  Columns& operator=(const Columns&) = delete;

  skops::sdk::Input input() const { return skops::sdk::Input(&input_); }

 private:
  void of_dense(const skops::sdk::Input& x, std::span<const std::size_t> indices, bool flat);
  void of_table(const skops::sdk::Input& x, std::span<const std::size_t> indices, bool flat);
  void of_csr(const skops::sdk::Input& x, std::span<const std::size_t> indices);
  void as_text(const skops::sdk::ArrayView& column);

  skops_input input_{};
  skops_array array_{}, indices_{}, indptr_{};
  skops_csr csr_{};
  std::int64_t shape_[2] = {}, strides_[2] = {};
  std::vector<char> bytes_;
  std::vector<const skops_column*> table_;
  std::vector<skops_string> text_;
  std::vector<std::string> decoded_;
  skops::sdk::OwnedArray sparse_data_, sparse_indices_, sparse_indptr_;
};

}  // namespace skops_sklearn::meta
