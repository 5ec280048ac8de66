#include "estimators/tree/tree_ensemble.hpp"

#include <algorithm>
#include <bit>

#include "trees/tree_source.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

void TreeEnsemble::add(const FittedTree& tree, std::vector<std::uint32_t> columns) {
  trees_.push_back(&tree);
  columns_.push_back(std::move(columns));
}

void TreeEnsemble::pack(Loading in, std::size_t columns, std::size_t width, std::size_t targets,
                        Values values) {
  width_ = width;
  targets_ = targets;
  values_ = std::move(values);
  trees::Forest::Plan plan{columns, width, targets, 0, 0};
  for (const FittedTree* tree : trees_) {
    plan.largest_tree = std::max(plan.largest_tree, tree->node_count());
    plan.nodes += tree->node_count();
  }
  // A word or two per node, and a row of values per leaf at most.
  check(in.host->charge(in.context, plan.nodes * (2 + width / 2) * sizeof(double)));
  forest_ = trees::Forest(plan);
  // One value per leaf and few leaves: 64 rows at a time are faster than walks.
  bool sliced = width == 1 && targets <= 65535 &&
                plan.largest_tree < 2 * trees::most_sliced_leaves && columns <= 65536;
  if (sliced) {
    sliced_ = trees::SlicedForest(trees::SlicedForest::Tiles::numbers, columns, targets);
  }
  for (std::size_t t = 0; t < trees_.size(); ++t) {
    const trees::TreeSource source(
        trees_[t]->nodes(), [&, t](std::size_t node, double* out) { values_(t, node, out); },
        columns_[t]);
    forest_.add(source);
    if (sliced) sliced = sliced_.add(source);
  }
  if (!sliced) sliced_ = {};
  forest_.finish();
}

std::size_t TreeEnsemble::leaf_of(std::size_t t, const float* row) const {
  const auto& columns = columns_[t];
  if (columns.empty()) return trees_[t]->leaf([row](std::size_t j) { return row[j]; });
  return trees_[t]->leaf([&](std::size_t j) { return row[columns[j]]; });
}

void TreeEnsemble::add_to(const TreeRows& rows, std::size_t first, std::size_t last,
                          std::size_t threads, double* out) const {
  in_parallel(rows.size(), threads, 64, [&](std::size_t begin, std::size_t end) {
    if (!sliced_.empty() && end - begin >= 16) {
      add_sliced(rows, begin, end, first, last, out);
    } else {
      add_block(rows, begin, end, first, last, out);
    }
  });
}

void TreeEnsemble::add_sliced(const TreeRows& rows, std::size_t begin, std::size_t end,
                              std::size_t first, std::size_t last, double* out) const {
  constexpr std::size_t tile_rows = trees::slice_rows;
  std::vector<float> tile(rows.columns() * tile_rows), scratch(rows.scratch_size());
  std::vector<double> acc(targets_ * tile_rows);
  for (std::size_t i = begin; i < end; i += tile_rows) {
    const std::size_t n = std::min(tile_rows, end - i);
    rows.fill_numbers(i, n, scratch, tile.data());
    for (std::size_t k = 0; k < targets_; ++k) {
      for (std::size_t r = 0; r < n; ++r) acc[k * tile_rows + r] = out[(i + r) * targets_ + k];
    }
    sliced_.add_to(tile.data(), first, last, acc.data());
    // NaN is no number: such rows are walked.
    for (std::size_t r = 0; r < n; ++r) {
      const float* row = rows.row(i + r, scratch);
      const bool missing =
          rows.may_miss() && std::any_of(row, row + rows.columns(), [](float v) { return v != v; });
      double* to = out + (i + r) * targets_;
      if (missing) {
        walk_missing(row, first, last, to);
      } else {
        for (std::size_t k = 0; k < targets_; ++k) to[k] = acc[k * tile_rows + r];
      }
    }
  }
}

void TreeEnsemble::walk_missing(const float* row, std::size_t first, std::size_t last,
                                double* out) const {
  std::vector<double> value(width_);
  for (std::size_t t = first; t < last; ++t) {
    values_(t, leaf_of(t, row), value.data());
    double* to = out + t % targets_ * width_;
    for (std::size_t k = 0; k < width_; ++k) to[k] += value[k];
  }
}

void TreeEnsemble::add_block(const TreeRows& rows, std::size_t begin, std::size_t end,
                             std::size_t first, std::size_t last, double* out) const {
  constexpr std::size_t tile_rows = trees::Forest::tile_rows;
  const std::size_t columns = rows.columns(), outputs = width_ * targets_;
  // A tree is read once per block: large blocks, but small enough for the second-level cache.
  std::size_t block = std::size_t{1 << 17} / std::max<std::size_t>(columns, 1);
  block = std::clamp<std::size_t>(block / tile_rows * tile_rows, tile_rows, 2048);
  block = std::min(block, (end - begin + tile_rows - 1) / tile_rows * tile_rows);
  std::vector<std::uint32_t> tiles(block * columns);
  std::vector<float> scratch(rows.scratch_size());
  std::vector<std::pair<std::size_t, std::vector<double>>> missing;
  for (std::size_t i = begin; i < end; i += block) {
    const std::size_t n = std::min(block, end - i);
    missing.clear();
    for (std::size_t r = 0; r < n; r += tile_rows) {
      std::uint32_t bits =
          rows.fill_keys(i + r, std::min(tile_rows, n - r), scratch, tiles.data() + r * columns);
      for (; bits != 0; bits &= bits - 1) {
        const std::size_t row = i + r + static_cast<std::size_t>(std::countr_zero(bits));
        double* from = out + row * outputs;
        missing.emplace_back(row, std::vector<double>(from, from + outputs));
      }
    }
    forest_.add_to(tiles.data(), n, first, last, out + i * outputs);
    for (auto& [row, sums] : missing) {
      walk_missing(rows.row(row, scratch), first, last, sums.data());
      std::copy(sums.begin(), sums.end(), out + row * outputs);
    }
  }
}

void TreeEnsemble::paths(const TreeRows& rows, bool missing_right, Output& out) const {
  std::vector<float> scratch(rows.scratch_size());
  std::size_t nodes = 0, nnz = 0;
  std::vector<std::size_t> first;
  for (const FittedTree* tree : trees_) {
    first.push_back(nodes);
    nodes += tree->node_count();
  }
  // f(tree, node) along all paths of a row.
  const auto follow = [&](std::size_t i, auto&& f) {
    const float* row = rows.row(i, scratch);
    for (std::size_t t = 0; t < size(); ++t) {
      std::size_t at = 0;
      f(t, at);
      while (!trees_[t]->nodes().is_leaf(at)) {
        at = trees_[t]->next(
            at, [row](std::size_t j) { return row[j]; }, missing_right);
        f(t, at);
      }
    }
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    follow(i, [&](std::size_t, std::size_t) { ++nnz; });
  }
  if (nodes > INT32_MAX || nnz > INT32_MAX) unsupported("a decision path of so many nodes");
  auto y = out.csr<std::int64_t>(rows.size(), nodes, nnz);
  std::size_t k = 0;
  y.indptr[0] = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    follow(i, [&](std::size_t t, std::size_t node) {
      y.data[k] = 1;
      y.indices[k++] = static_cast<std::int32_t>(first[t] + node);
    });
    y.indptr[i + 1] = static_cast<std::int32_t>(k);
  }
}

std::uint64_t TreeEnsemble::work() const {
  std::uint64_t sum = 1;
  for (const FittedTree* tree : trees_) sum += tree->depth() + width_;
  return sum;
}

}  // namespace skops_sklearn
