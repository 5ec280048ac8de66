// The categories of one feature and the look-up of values among them, with Python's equality:
// 1, 1.0 and True are the same, NaN is a value, texts only equal texts.
//
// Categories are kept as cells; texts stay in the loaded file, or here where they were fixed-width.
// Immutable after construction.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "skops/sdk/input.hpp"
#include "skops/sdk/output.hpp"
#include "skops/sdk/value.hpp"
#include "text/vocabulary.hpp"

namespace skops_sklearn {

inline constexpr std::int32_t kNoCategory = -1;

// Whole numbers and others by value: sorted, or a direct table where they lie close together.
class NumberIndex {
 public:
  void add(std::int64_t value, std::int32_t index) { whole_.emplace_back(value, index); }
  void add(double value, std::int32_t index);
  // False where a value was added twice.
  bool seal();
  std::int32_t find(std::int64_t value) const {
    if (!direct_.empty()) {
      const std::uint64_t at =
          static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(whole_.front().first);
      return at < direct_.size() ? direct_[at] : kNoCategory;
    }
    return find_in(whole_, value);
  }
  std::int32_t find(double value) const;

 private:
  template <class T>
  static std::int32_t find_in(const std::vector<std::pair<T, std::int32_t>>& sorted, T value);

  std::vector<std::pair<std::int64_t, std::int32_t>> whole_;
  std::vector<std::pair<double, std::int32_t>> others_;
  std::vector<std::int32_t> direct_;
  std::int32_t nan_ = kNoCategory;
};

class CategoryColumn {
 public:
  // A one-dimensional array of distinct values.
  explicit CategoryColumn(const skops::sdk::Value& categories);

  std::size_t size() const { return cells_.size(); }
  const skops_dtype& dtype() const { return dtype_; }
  const skops_cell& cell(std::size_t k) const { return cells_[k]; }
  // Where NaN is among the categories, or kNoCategory.
  std::int32_t nan_index() const { return numbers_.find(std::nan("")); }

  // `either` lets None and NaN stand for each other where only one is a category: a missing value
  // of a table's column (Arrow's null, pandas' own text dtype) is neither.
  std::int32_t find(const skops_cell& cell, bool either = false) const;
  std::int32_t find(std::string_view text) const;
  // The index of every value of a one-dimensional array at codes[0], codes[step], …; infinite
  // floats are refused as scikit-learn refuses them.
  void encode(const skops::sdk::ArrayView& values, std::int32_t* codes, std::size_t step,
              bool either = false) const;

 private:
  skops_dtype dtype_{};
  std::vector<skops_cell> cells_;
  std::vector<std::string> texts_;  // of fixed-width arrays; never grows after construction
  NumberIndex numbers_;
  text::Vocabulary words_;
  std::int32_t none_ = kNoCategory;
};

// Calls f(column) with column j of a dense matrix or table as a one-dimensional array.
template <class F>
void with_column(const skops::sdk::Input& x, std::size_t j, F&& f) {
  if (x.is_table()) return f(x.column(j));
  const skops::sdk::ArrayView a = x.array();
  const std::int64_t extent = static_cast<std::int64_t>(a.extent(0)), stride = a.stride(0);
  const skops_array column = {sizeof column,  a.data() + static_cast<std::int64_t>(j) * a.stride(1),
                              a.raw()->dtype, 1,
                              &extent,        &stride};
  f(skops::sdk::ArrayView(&column));
}

// What NumPy's result_type gives for these arrays. Mixtures of texts and numbers are refused.
skops_dtype result_type(const std::vector<skops_dtype>& dtypes);

// A value as an element of an array: numbers are converted, texts cut to the width.
void put_cell(const skops_cell& cell, const skops_dtype& dtype, char* to);

// The value that an object array gets where an array of `dtype` holds the cell.
skops_cell through_dtype(const skops_cell& cell, const skops_dtype& dtype);

// "'red'", "3", "nan", for messages.
std::string repr(const skops_cell& cell);

}  // namespace skops_sklearn
