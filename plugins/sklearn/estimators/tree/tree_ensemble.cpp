#include "estimators/tree/tree_ensemble.hpp"

#include <algorithm>
#include <bit>

#include "trees/tree_source.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

// Packing takes some 30 ns a node, walking a row through the stored nodes several times what it
// takes through the packed ones.
constexpr std::size_t most_nodes_at_load = std::size_t{1} << 14;
constexpr std::size_t most_walked_rows = 32;

}  // namespace

void TreeEnsemble::add(const FittedTree& tree, std::vector<std::uint32_t> columns) {
  trees_.push_back(&tree);
  columns_.push_back(std::move(columns));
}

void TreeEnsemble::prepare(Loading in, std::size_t columns, std::size_t width, std::size_t targets,
                           Values values) {
  values_ = std::move(values);
  plan_ = {columns, width, targets, 0, 0};
  for (const FittedTree* tree : trees_) {
    plan_.largest_tree = std::max(plan_.largest_tree, tree->node_count());
    plan_.nodes += tree->node_count();
  }
  // A word or two per node, and a row of values per leaf at most.
  check(in.host->charge(in.context, plan_.nodes * (2 + width / 2) * sizeof(double)));
  if (plan_.nodes <= most_nodes_at_load) packed(most_walked_rows);
}

std::unique_ptr<const TreeEnsemble::Packed> TreeEnsemble::pack() const {
  auto out = std::make_unique<Packed>();
  out->forest = trees::Forest(plan_);
  // One value per leaf and few leaves: 64 rows at a time are faster than walks.
  bool sliced = plan_.width == 1 && plan_.targets <= 65535 &&
                plan_.largest_tree < 2 * trees::most_sliced_leaves && plan_.columns <= 65536;
  if (sliced) {
    out->sliced =
        trees::SlicedForest(trees::SlicedForest::Tiles::numbers, plan_.columns, plan_.targets);
  }
  for (std::size_t t = 0; t < trees_.size(); ++t) {
    const trees::TreeSource source(
        trees_[t]->nodes(), [&, t](std::size_t node, double* value) { values_(t, node, value); },
        columns_[t]);
    out->forest.add(source);
    if (sliced) sliced = out->sliced.add(source);
  }
  if (!sliced) out->sliced = {};
  out->forest.finish();
  return out;
}

const TreeEnsemble::Packed* TreeEnsemble::packed(std::size_t rows) const {
  if (const Packed* ready = packed_.load(std::memory_order_acquire)) return ready;
  if (asked_.fetch_add(rows, std::memory_order_relaxed) + rows < most_walked_rows) return nullptr;
  std::call_once(once_, [this] {
    owned_ = pack();
    packed_.store(owned_.get(), std::memory_order_release);
  });
  return packed_.load(std::memory_order_acquire);
}

std::size_t TreeEnsemble::leaf_of(std::size_t t, const float* row) const {
  const auto& columns = columns_[t];
  if (columns.empty()) return trees_[t]->leaf([row](std::size_t j) { return row[j]; });
  return trees_[t]->leaf([&](std::size_t j) { return row[columns[j]]; });
}

void TreeEnsemble::add_to(const TreeRows& rows, std::size_t first, std::size_t last,
                          std::size_t threads, double* out) const {
  const Packed* ready = packed(rows.size());
  in_parallel(rows.size(), threads, 64, [&](std::size_t begin, std::size_t end) {
    if (ready == nullptr) {
      add_walks(rows, begin, end, first, last, out);
    } else if (!ready->sliced.empty() && end - begin >= 16) {
      add_sliced(*ready, rows, begin, end, first, last, out);
    } else {
      add_block(*ready, rows, begin, end, first, last, out);
    }
  });
}

void TreeEnsemble::add_walks(const TreeRows& rows, std::size_t begin, std::size_t end,
                             std::size_t first, std::size_t last, double* out) const {
  std::vector<float> scratch(rows.scratch_size());
  const std::size_t outputs = plan_.width * plan_.targets;
  for (std::size_t i = begin; i < end; ++i) {
    walk(rows.row(i, scratch), first, last, out + i * outputs);
  }
}

void TreeEnsemble::add_sliced(const Packed& packed, const TreeRows& rows, std::size_t begin,
                              std::size_t end, std::size_t first, std::size_t last,
                              double* out) const {
  const std::size_t targets = plan_.targets;
  constexpr std::size_t tile_rows = trees::slice_rows;
  std::vector<float> tile(rows.columns() * tile_rows), scratch(rows.scratch_size());
  std::vector<double> acc(targets * tile_rows);
  for (std::size_t i = begin; i < end; i += tile_rows) {
    const std::size_t n = std::min(tile_rows, end - i);
    rows.fill_numbers(i, n, scratch, tile.data());
    for (std::size_t k = 0; k < targets; ++k) {
      for (std::size_t r = 0; r < n; ++r) acc[k * tile_rows + r] = out[(i + r) * targets + k];
    }
    packed.sliced.add_to(tile.data(), first, last, acc.data());
    // NaN is no number: such rows are walked.
    for (std::size_t r = 0; r < n; ++r) {
      const float* row = rows.row(i + r, scratch);
      const bool missing =
          rows.may_miss() && std::any_of(row, row + rows.columns(), [](float v) { return v != v; });
      double* to = out + (i + r) * targets;
      if (missing) {
        walk(row, first, last, to);
      } else {
        for (std::size_t k = 0; k < targets; ++k) to[k] = acc[k * tile_rows + r];
      }
    }
  }
}

void TreeEnsemble::walk(const float* row, std::size_t first, std::size_t last, double* out) const {
  std::vector<double> value(plan_.width);
  for (std::size_t t = first; t < last; ++t) {
    values_(t, leaf_of(t, row), value.data());
    double* to = out + t % plan_.targets * plan_.width;
    for (std::size_t k = 0; k < plan_.width; ++k) to[k] += value[k];
  }
}

void TreeEnsemble::add_block(const Packed& packed, const TreeRows& rows, std::size_t begin,
                             std::size_t end, std::size_t first, std::size_t last,
                             double* out) const {
  constexpr std::size_t tile_rows = trees::Forest::tile_rows;
  const std::size_t columns = rows.columns(), outputs = plan_.width * plan_.targets;
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
    packed.forest.add_to(tiles.data(), n, first, last, out + i * outputs);
    for (auto& [row, sums] : missing) {
      walk(rows.row(row, scratch), first, last, sums.data());
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
  for (const FittedTree* tree : trees_) sum += tree->depth() + plan_.width;
  return sum;
}

}  // namespace skops_sklearn
