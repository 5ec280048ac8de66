// Columns of tiles for trees that compare float64 numbers, as histogram boosting does: a number is
// replaced by how many of its feature's distinct thresholds are smaller. x <= t_j holds iff that
// rank is <= j, so nothing is lost, whatever the input's precision.
//
// Missing values are part of the columns, not of the walk: a feature has up to two columns, one
// where NaN has rank 0 (goes left everywhere) and one where it has the highest (goes right). Each
// categorical split has a column of its own: 0 left, 1 right.
//
// Use: declare all splits, `seal`, then ask for their columns and keys.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace skops_sklearn::trees {

using Bitset = std::array<std::uint32_t, 8>;  // of categories 0 to 255

class RankColumns {
 public:
  explicit RankColumns(std::size_t n_features = 0) : numbers_(n_features) {}

  void declare(std::size_t feature, double threshold, bool missing_left);
  // The column of a categorical split. Unknown categories go where missing values go.
  std::uint32_t declare(std::size_t feature, const Bitset& left, const Bitset& known,
                        bool missing_left);
  void seal();

  std::uint32_t column(std::size_t feature, bool missing_left) const {
    return numbers_[feature].columns[missing_left ? 0 : 1];
  }
  std::uint32_t column(std::uint32_t category) const { return first_category_ + category; }
  std::uint32_t rank(std::size_t feature, double threshold) const;

  std::size_t columns() const { return columns_; }
  // Whether all ranks fit a byte, as they do for honest models (at most 255 bins).
  bool byte_ranks() const { return byte_ranks_; }

  // Rows of `stride` numbers into a tile of 8 rows (Forest) or of 64 (SlicedForest).
  void fill(const double* x, std::size_t stride, std::size_t rows, std::uint32_t* tile) const;
  void fill(const double* x, std::size_t stride, std::size_t rows, std::uint8_t* tile) const;

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  struct Numbers {
    std::vector<double> sorted;
    std::uint32_t columns[2] = {none, none};  // NaN low, NaN high
    std::size_t levels = 0, table = 0;
  };
  struct Categories {
    std::size_t feature;
    Bitset left, known;
    bool missing_left;
    bool goes_left(double x) const;
  };

  std::vector<Numbers> numbers_;
  std::vector<std::size_t> used_;
  std::vector<Categories> categories_;
  std::vector<double> tables_;  // breadth-first search trees
  std::size_t columns_ = 0;
  std::uint32_t first_category_ = 0;
  bool byte_ranks_ = true;
};

}  // namespace skops_sklearn::trees
