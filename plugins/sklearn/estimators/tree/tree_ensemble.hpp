// Fitted trees that answer together: packed for sums of their values, and as they are for the
// questions about nodes (apply, decision_path) and for rows with missing values.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "estimators/tree/fitted_tree.hpp"
#include "estimators/tree/tree_rows.hpp"
#include "trees/forest.hpp"
#include "trees/sliced_forest.hpp"

namespace skops_sklearn {

class TreeEnsemble {
 public:
  // Writes a node's values, `width` of them.
  using Values = std::function<void(std::size_t tree, std::size_t node, double*)>;

  // A tree; `columns` maps its features to those of the input, empty where they are the same.
  void add(const FittedTree& tree, std::vector<std::uint32_t> columns = {});
  // Packs the trees. Tree t adds to target t % targets. Once, before any call; charges the memory
  // to the load, because a file can name one tree many times.
  void pack(skops::sdk::Loading in, std::size_t columns, std::size_t width, std::size_t targets,
            Values values);

  std::size_t size() const { return trees_.size(); }
  const FittedTree& tree(std::size_t t) const { return *trees_[t]; }
  // Adds the values of the trees [first, last) to `out`, rows of width * targets numbers.
  void add_to(const TreeRows& rows, std::size_t first, std::size_t last, std::size_t threads,
              double* out) const;
  // Leaves: out[row * size() + tree].
  template <class T>
  void leaves(const TreeRows& rows, std::size_t threads, T* out) const;
  // The CSR matrix of the nodes that rows pass, trees side by side; int64 ones. `missing_right`:
  // NaN goes right everywhere, as in scikit-learn's paths before 1.8.
  void paths(const TreeRows& rows, bool missing_right, skops::sdk::Output& out) const;
  // Node tests that a row takes at most.
  std::uint64_t work() const;

 private:
  void add_block(const TreeRows& rows, std::size_t begin, std::size_t end, std::size_t first,
                 std::size_t last, double* out) const;
  void add_sliced(const TreeRows& rows, std::size_t begin, std::size_t end, std::size_t first,
                  std::size_t last, double* out) const;
  void walk_missing(const float* row, std::size_t first, std::size_t last, double* out) const;
  std::size_t leaf_of(std::size_t t, const float* row) const;

  std::vector<const FittedTree*> trees_;
  std::vector<std::vector<std::uint32_t>> columns_;
  Values values_;
  std::size_t width_ = 1, targets_ = 1;
  trees::Forest forest_;
  trees::SlicedForest sliced_;
};

template <class T>
void TreeEnsemble::leaves(const TreeRows& rows, std::size_t threads, T* out) const {
  in_parallel(rows.size(), threads, 64, [&](std::size_t begin, std::size_t end) {
    std::vector<float> scratch(rows.scratch_size());
    for (std::size_t i = begin; i < end; ++i) {
      const float* row = rows.row(i, scratch);
      for (std::size_t t = 0; t < size(); ++t) {
        out[i * size() + t] = static_cast<T>(leaf_of(t, row));
      }
    }
  });
}

}  // namespace skops_sklearn
