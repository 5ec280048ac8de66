#include "trees/rank_columns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "trees/keys.hpp"
#include "trees/sliced_kernels.hpp"

namespace skops_sklearn::trees {
namespace {

// Of a missing value that goes right: above every rank, below every leaf's key.
constexpr std::uint32_t missing_rank = leaf_key - 1;

bool has(const Bitset& bits, std::uint8_t value) {
  return (bits[value / 32] >> (value % 32) & 1u) != 0;
}

}  // namespace

bool RankColumns::Categories::goes_left(double x) const {
  if (std::isnan(x) || x < 0) return missing_left;
  // The reference implementation casts to unsigned char by way of int.
  const bool fits = x < 2147483648.0;
  const auto category = static_cast<std::uint8_t>(fits ? static_cast<std::int32_t>(x) : 0);
  if (has(left, category)) return true;
  return has(known, category) ? false : missing_left;
}

void RankColumns::declare(std::size_t feature, double threshold, bool missing_left) {
  Numbers& numbers = numbers_[feature];
  numbers.sorted.push_back(threshold);
  numbers.columns[missing_left ? 0 : 1] = 0;
}

std::uint32_t RankColumns::declare(std::size_t feature, const Bitset& left, const Bitset& known,
                                   bool missing_left) {
  categories_.push_back({feature, left, known, missing_left});
  return static_cast<std::uint32_t>(categories_.size() - 1);
}

void RankColumns::seal() {
  std::uint32_t next = 0;
  for (std::size_t f = 0; f < numbers_.size(); ++f) {
    Numbers& numbers = numbers_[f];
    auto& sorted = numbers.sorted;
    if (sorted.empty()) continue;
    used_.push_back(f);
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    for (auto& column : numbers.columns) {
      if (column != none) column = next++;
    }
    while ((std::size_t{1} << numbers.levels) <= sorted.size()) ++numbers.levels;
    byte_ranks_ &= sorted.size() < 255;
    numbers.table = tables_.size();
    // Level l holds the 2^l thresholds that halve its ranges.
    for (std::size_t level = 0; level < numbers.levels; ++level) {
      const std::size_t span = std::size_t{1} << (numbers.levels - level);
      for (std::size_t k = 0; k < std::size_t{1} << level; ++k) {
        const std::size_t index = k * span + span / 2 - 1;
        tables_.push_back(index < sorted.size() ? sorted[index]
                                                : std::numeric_limits<double>::infinity());
      }
    }
    // Kernels read whole registers.
    while (tables_.size() % 8 != 0 || tables_.size() < numbers.table + 8) tables_.push_back(0);
  }
  first_category_ = next;
  columns_ = next + categories_.size();
  tables_.resize(tables_.size() + 64);
}

std::uint32_t RankColumns::rank(std::size_t feature, double threshold) const {
  const auto& sorted = numbers_[feature].sorted;
  return static_cast<std::uint32_t>(std::lower_bound(sorted.begin(), sorted.end(), threshold) -
                                    sorted.begin());
}

void RankColumns::fill(const double* x, std::size_t stride, std::size_t rows,
                       std::uint32_t* tile) const {
  for (const std::size_t f : used_) {
    const Numbers& numbers = numbers_[f];
    const double* table = &tables_[numbers.table];
    for (std::size_t r = 0; r < rows; ++r) {
      const double v = x[r * stride + f];
      std::size_t rank = 0;
      for (std::size_t level = 0; level < numbers.levels; ++level) {
        rank = 2 * rank + (table[(std::size_t{1} << level) - 1 + rank] < v);
      }
      const bool missing = std::isnan(v);
      const auto low = static_cast<std::uint32_t>(rank);
      if (numbers.columns[0] != none) tile[numbers.columns[0] * 8 + r] = low;
      if (numbers.columns[1] != none)
        tile[numbers.columns[1] * 8 + r] = missing ? missing_rank : low;
    }
  }
  for (std::size_t k = 0; k < categories_.size(); ++k) {
    std::uint32_t* to = tile + (first_category_ + k) * 8;
    for (std::size_t r = 0; r < rows; ++r) {
      to[r] = categories_[k].goes_left(x[r * stride + categories_[k].feature]) ? 0 : 1;
    }
  }
}

void RankColumns::fill(const double* x, std::size_t stride, std::size_t rows,
                       std::uint8_t* tile) const {
  const SlicedKernels& kernels = sliced_kernels();
  alignas(64) double column[slice_rows] = {};
  std::uint8_t codes[slice_rows];
  for (const std::size_t f : used_) {
    const Numbers& numbers = numbers_[f];
    bool missing = false;
    for (std::size_t r = 0; r < rows; ++r) {
      column[r] = x[r * stride + f];
      missing |= std::isnan(column[r]);
    }
    const auto [low, high] = numbers.columns;
    std::uint8_t* first = tile + std::size_t{low != none ? low : high} * slice_rows;
    kernels.ranks(&tables_[numbers.table], numbers.levels, column, codes);
    std::copy_n(codes, slice_rows, first);
    if (low != none && high != none) std::copy_n(codes, slice_rows, tile + std::size_t{high} * 64);
    if (!missing || high == none) continue;
    for (std::size_t r = 0; r < rows; ++r) {
      if (std::isnan(column[r])) tile[std::size_t{high} * slice_rows + r] = 255;
    }
  }
  for (std::size_t k = 0; k < categories_.size(); ++k) {
    std::uint8_t* to = tile + (first_category_ + k) * slice_rows;
    for (std::size_t r = 0; r < rows; ++r) {
      to[r] = categories_[k].goes_left(x[r * stride + categories_[k].feature]) ? 0 : 1;
    }
  }
}

}  // namespace skops_sklearn::trees
