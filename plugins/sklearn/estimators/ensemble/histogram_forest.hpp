// The trees of histogram gradient boosting (`_predictors`), ready to be summed.
//
// Raw predictions are `_baseline_prediction` plus the leaves' values in the order of the
// iterations, in float64, as scikit-learn sums them. Single rows walk packed trees, batches are
// evaluated in slices of 64 rows where the trees are small enough.
#pragma once

#include <vector>

#include "define.hpp"
#include "linalg/aligned.hpp"
#include "trees/forest.hpp"
#include "trees/rank_columns.hpp"
#include "trees/sliced_forest.hpp"

namespace skops_sklearn {

class HistogramForest {
 public:
  // `self` is the estimator; `n_features` are those that the trees see.
  HistogramForest(const skops::sdk::Attributes& self, std::size_t n_features);

  std::size_t targets() const { return baseline_.size(); }
  std::size_t iterations() const { return forest_.trees() / targets(); }
  std::uint64_t work() const { return work_; }

  // Raw predictions of all rows, (rows, targets) in C order.
  std::vector<double> sum(const skops::sdk::Matrix<double>& x) const;
  // Calls stage(raw) after every iteration.
  template <class Stage>
  void stages(const skops::sdk::Matrix<double>& x, Stage&& stage) const;

 private:
  using Tile = std::vector<std::uint32_t, skops_sklearn::linalg::AlignedAllocator<std::uint32_t>>;

  std::vector<double> start(std::size_t rows) const;
  // The rows of 8-row tile number `tile`.
  static std::size_t rows_of(std::size_t tile, std::size_t rows) {
    return std::min(rows - tile * trees::Forest::tile_rows, trees::Forest::tile_rows);
  }
  Tile tiles(const skops::sdk::Matrix<double>& x) const;
  void sum_slices(const skops::sdk::Matrix<double>& x, std::vector<double>& raw) const;

  std::vector<double> baseline_;
  trees::RankColumns ranks_;
  trees::Forest forest_;
  trees::SlicedForest sliced_;
  bool has_slices_ = false;
  std::uint64_t work_ = 1;
};

template <class Stage>
void HistogramForest::stages(const skops::sdk::Matrix<double>& x, Stage&& stage) const {
  std::vector<double> raw = start(x.rows());
  const Tile all = tiles(x);
  const std::size_t k = targets(), tile_words = trees::Forest::tile_rows * forest_.columns();
  for (std::size_t i = 0; i < iterations(); ++i) {
    for (std::size_t t = 0; t * trees::Forest::tile_rows < x.rows(); ++t) {
      forest_.add_to(all.data() + t * tile_words, rows_of(t, x.rows()), i * k, (i + 1) * k,
                     raw.data() + t * trees::Forest::tile_rows * k);
    }
    stage(raw);
  }
}

}  // namespace skops_sklearn
