// Counts the columns of one row and gives them back in ascending order, without sorting.
//
// Where the number of columns is moderate there is a counter for each and three levels of bits that
// say which are in use: a document of 100 words finds its columns by looking at about as many words
// of memory. Beyond kDense columns, entries are sorted instead. Used by one thread at a time; empty
// again after `drain`.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace skops_sklearn::text {

class RowCounter {
 public:
  static constexpr std::uint32_t kDense = 1u << 22;

  void resize(std::uint32_t columns) {
    if (columns == columns_) return;
    columns_ = columns;
    if (columns > kDense) return;
    counts_.assign(columns, 0);
    for (int level = 0; level < 3; ++level) {
      bits_[level].assign((std::size_t{columns} >> (6 * (level + 1))) + 1, 0);
    }
  }

  void add(std::uint32_t column, std::int32_t count) {
    if (columns_ > kDense) {
      entries_.emplace_back(column, count);
      return;
    }
    counts_[column] += count;
    for (int level = 0; level < 3; ++level) {
      bits_[level][column >> (6 * (level + 1))] |= std::uint64_t{1} << (column >> (6 * level) & 63);
    }
  }

  // Calls f(column, count) for every column that was added, also where the counts add up to 0.
  template <class F>
  void drain(F&& f) {
    if (columns_ > kDense) return drain_entries(f);
    for (std::size_t top = 0; top < bits_[2].size(); ++top) {
      each_bit(bits_[2][top], top, [&](std::size_t middle) {
        each_bit(bits_[1][middle], middle, [&](std::size_t word) {
          each_bit(bits_[0][word], word, [&](std::size_t column) {
            f(static_cast<std::uint32_t>(column), counts_[column]);
            counts_[column] = 0;
          });
        });
      });
    }
  }

 private:
  template <class F>
  static void each_bit(std::uint64_t& word, std::size_t base, F&& f) {
    for (std::uint64_t left = word; left != 0; left &= left - 1) {
      f(base * 64 + static_cast<std::size_t>(std::countr_zero(left)));
    }
    word = 0;
  }
  template <class F>
  void drain_entries(F&& f) {
    std::sort(entries_.begin(), entries_.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t k = 0; k < entries_.size();) {
      const std::uint32_t column = entries_[k].first;
      std::int32_t sum = 0;
      for (; k < entries_.size() && entries_[k].first == column; ++k) sum += entries_[k].second;
      f(column, sum);
    }
    entries_.clear();
  }

  std::uint32_t columns_ = 0;
  std::vector<std::int32_t> counts_;
  std::vector<std::uint64_t> bits_[3];
  std::vector<std::pair<std::uint32_t, std::int32_t>> entries_;
};

}  // namespace skops_sklearn::text
