// Fitted trees that answer together: packed for sums of their values, and as they are for the
// questions about nodes (apply, decision_path) and for rows with missing values.
//
// Small ensembles are packed when they are loaded. Packing a large one takes longer than reading it
// from the file and answering the first rows node by node, so it waits until enough rows have been
// asked; one thread then packs while the others wait. Answers are the same either way.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
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
  // Says what the trees add up to: tree t adds to target t % targets. Once, before any call;
  // charges the memory of the packed trees to the load, because a file can name one tree many
  // times.
  void prepare(skops::sdk::Loading in, std::size_t columns, std::size_t width, std::size_t targets,
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
  struct Packed {
    trees::Forest forest;
    trees::SlicedForest sliced;  // empty where walks are faster
  };

  // The packed trees, or null while it is not yet worth packing them for `rows` more rows.
  const Packed* packed(std::size_t rows) const;
  std::unique_ptr<const Packed> pack() const;
  void add_walks(const TreeRows& rows, std::size_t begin, std::size_t end, std::size_t first,
                 std::size_t last, double* out) const;
  void add_block(const Packed& packed, const TreeRows& rows, std::size_t begin, std::size_t end,
                 std::size_t first, std::size_t last, double* out) const;
  void add_sliced(const Packed& packed, const TreeRows& rows, std::size_t begin, std::size_t end,
                  std::size_t first, std::size_t last, double* out) const;
  // One row, node by node; NaN goes where the nodes say.
  void walk(const float* row, std::size_t first, std::size_t last, double* out) const;
  std::size_t leaf_of(std::size_t t, const float* row) const;

  std::vector<const FittedTree*> trees_;
  std::vector<std::vector<std::uint32_t>> columns_;
  Values values_;
  trees::Forest::Plan plan_;

  mutable std::atomic<std::size_t> asked_{0};  // rows, until the trees are packed
  mutable std::once_flag once_;
  mutable std::unique_ptr<const Packed> owned_;
  mutable std::atomic<const Packed*> packed_{nullptr};
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
