// Trees packed for walking: 8 bytes a node, children adjacent, small subtrees within a cache line.
//
// A node is one word: key of the threshold (keys.hpp) above, column * 8 and the distance to the
// left child below. A leaf points to itself and its key carries the index of its value, so that a
// walk needs no branch: it takes steps until nothing moves any more. Trees with too many nodes or
// columns for that take two words a node.
//
// Inputs are tiles of 8 rows, column-major: `tile[8 * column + row]`. Values are summed in tree
// order in float64, as scikit-learn does. A forest is immutable after `finish`.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "linalg/aligned.hpp"
#include "trees/keys.hpp"

namespace skops_sklearn::trees {

struct Split {
  std::uint32_t column, key;
  std::size_t left, right;
};

class Forest {
 public:
  struct Plan {
    std::size_t columns = 0;       // of the tiles
    std::size_t width = 1;         // values per leaf
    std::size_t targets = 1;       // tree t adds to the values of target t % targets
    std::size_t largest_tree = 0;  // nodes
    std::size_t nodes = 0;         // of all trees, roughly
  };
  static constexpr std::size_t tile_rows = 8;

  Forest() = default;
  explicit Forest(const Plan& plan);

  // Appends a tree. `source.leaf(i)`, `source.split(i)` and `source.value(i, double*)` describe
  // node i; the root is 0, and the nodes form a tree.
  template <class Source>
  void add(const Source& source);
  void finish();

  std::size_t trees() const { return roots_.size(); }
  std::size_t columns() const { return plan_.columns; }
  // Doubles per row of `out`.
  std::size_t outputs() const { return plan_.width * plan_.targets; }
  std::size_t bytes() const { return words_.size() * 8 + values_.size() * 8; }

  // Adds the values of the trees [first, last) to `out` (rows x outputs, C order). The last tile
  // may be partly filled; its other keys are never read as results, but must be initialised.
  void add_to(const std::uint32_t* tiles, std::size_t rows, std::size_t first, std::size_t last,
              double* out) const;

 private:
  struct Place {
    std::size_t at, node;
    std::uint32_t depth;
  };

  bool wide() const { return node_words_ == 2; }
  void put_leaf(std::size_t at, std::size_t value);
  void put_split(std::size_t at, const Split& split);
  void put_offset(std::size_t at, std::size_t offset);
  // The index of `scratch_` among the values of the current tree.
  std::size_t intern();

  template <class Layout>
  void run(const std::uint32_t* tiles, std::size_t rows, std::size_t first, std::size_t last,
           double* out) const;
  template <class Layout, int lanes>
  void run_row(const std::uint32_t* x, std::size_t first, std::size_t last, double* out) const;
  template <class Layout, std::size_t width>
  void run_tiles(const std::uint32_t* tiles, std::size_t rows, std::size_t first, std::size_t last,
                 double* out) const;

  Plan plan_;
  std::size_t node_words_ = 1, column_bits_ = 8;
  std::vector<std::uint64_t, linalg::AlignedAllocator<std::uint64_t>> words_;
  std::size_t size_ = 0;  // nodes placed
  std::vector<std::size_t> roots_, bases_;
  std::vector<std::uint32_t> depths_;  // steps after which every walk has arrived
  std::vector<double> values_;
  std::size_t n_values_ = 0, base_ = 0;
  // Only while building.
  std::vector<double> scratch_;
  std::vector<std::uint32_t> table_;
  std::vector<Place> pending_;
};

template <class Source>
void Forest::add(const Source& source) {
  const std::size_t line = 8 / node_words_;
  size_ = (size_ + line - 1) / line * line;
  base_ = table_.empty() ? n_values_ : 0;
  roots_.push_back(size_);
  bases_.push_back(base_);
  const auto place = [&](std::size_t at, std::size_t node) {
    if (source.leaf(node)) {
      source.value(node, scratch_.data());
      put_leaf(at, intern());
      return false;
    }
    put_split(at, source.split(node));
    return true;
  };
  const auto grow = [&] {
    const std::size_t need = (size_ + 2) * node_words_;
    if (words_.size() < need) words_.resize(need + need / 2 + 64);
  };
  grow();
  size_ += 2;  // the root has no sibling
  pending_.clear();
  if (place(roots_.back(), 0)) pending_.push_back({roots_.back(), 0, 0});
  std::uint32_t depth = 0;
  Place queue[2 + 2 * 8];
  while (!pending_.empty()) {
    std::size_t head = 0, tail = 1;
    queue[0] = pending_.back();
    pending_.pop_back();
    std::size_t room = (line - size_ % line) / 2;
    // Breadth first until the cache line is full.
    while (head < tail && room > 0) {
      const Place parent = queue[head++];
      --room;
      const Split split = source.split(parent.node);
      const std::size_t at = size_;
      grow();
      size_ += 2;
      put_offset(parent.at, at - parent.at);
      const std::uint32_t below = parent.depth + 1;
      depth = std::max(depth, below);
      if (place(at, split.left)) queue[tail++] = {at, split.left, below};
      if (place(at + 1, split.right)) queue[tail++] = {at + 1, split.right, below};
    }
    while (tail > head) pending_.push_back(queue[--tail]);
  }
  depths_.push_back(depth);
}

}  // namespace skops_sklearn::trees
