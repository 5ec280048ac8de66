#include "trees/check.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace skops_sklearn::trees {
namespace {

[[noreturn]] void fail(std::size_t node, const char* what) {
  throw Invalid("node " + std::to_string(node) + " of a tree " + what);
}

// Depths from 1, in node order; 0 is "no parent yet". Nodes that nothing refers to are honest
// nowhere, but harmless: their children must still be their own.
class Depths {
 public:
  explicit Depths(std::size_t n) : depth_(n) { depth_[0] = 1; }
  std::uint32_t at(std::size_t i) const { return depth_[i]; }
  void adopt(std::size_t parent, std::size_t child) {
    if (depth_[child] != 0) fail(child, "has two parents");
    depth_[child] = depth_[parent] == 0        ? orphan
                    : depth_[parent] == orphan ? orphan
                                               : depth_[parent] + 1;
  }
  void leaf(std::size_t i, TreeFacts& facts) const {
    ++facts.leaves;
    if (depth_[i] != 0 && depth_[i] != orphan) facts.depth = std::max(facts.depth, depth_[i] - 1);
  }
  static constexpr std::uint32_t orphan = UINT32_MAX;

 private:
  std::vector<std::uint32_t> depth_;
};

void check_count(std::size_t n) {
  if (n == 0) throw Invalid("a tree has no nodes");
  if (n >= (std::size_t{1} << 31)) throw Invalid("a tree has too many nodes");
}

// Whether a node is a leaf no processor foresees, and a wrong guess costs more than all checks. So
// good trees are checked in blocks: which nodes are inner ones, without a branch, then those, where
// no branch is ever taken. False where something is wrong or a node has no parent: the careful way
// then finds out what and where.
bool check_quickly(const TreeRecords& nodes, std::size_t n_features, TreeFacts& facts) {
  constexpr std::size_t block = 128;
  const std::size_t n = nodes.size();
  std::vector<std::uint32_t> depth(n);  // from 1; 0 is "no parent yet"
  depth[0] = 1;
  std::uint32_t inner[block], deepest = 1;
  std::size_t inner_nodes = 0;
  for (std::size_t begin = 0; begin < n; begin += block) {
    const std::size_t end = std::min(n, begin + block);
    std::size_t count = 0;
    std::int64_t right_of_leaves = -1;
    for (std::size_t i = begin; i < end; ++i) {
      const bool leaf = nodes.left(i) == -1;
      inner[count] = static_cast<std::uint32_t>(i);
      count += !leaf;
      right_of_leaves &= nodes.right(i) | (std::int64_t{leaf} - 1);
    }
    if (right_of_leaves != -1) return false;
    inner_nodes += count;
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t i = inner[k];
      const auto left = static_cast<std::uint64_t>(nodes.left(i)),
                 right = static_cast<std::uint64_t>(nodes.right(i)),
                 feature = static_cast<std::uint64_t>(nodes.feature(i));
      if (left <= i || left >= n || right <= i || right >= n || left == right) return false;
      if (feature >= n_features || std::isnan(nodes.threshold(i))) return false;
      if ((depth[left] | depth[right]) != 0) return false;
      const std::uint32_t below = depth[i] + 1;
      depth[left] = depth[right] = below;
      deepest = std::max(deepest, below);
    }
  }
  facts.depth = deepest - 1;
  facts.leaves = n - inner_nodes;
  return 2 * inner_nodes == n - 1;
}

TreeFacts check_carefully(const TreeRecords& nodes, std::size_t n_features) {
  const std::size_t n = nodes.size();
  TreeFacts facts;
  Depths depths(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t left = nodes.left(i), right = nodes.right(i);
    if (left == -1) {
      if (right != -1) fail(i, "has one child");
      depths.leaf(i, facts);
      continue;
    }
    const auto own = static_cast<std::int64_t>(i), end = static_cast<std::int64_t>(n);
    if (left <= own || left >= end || right <= own || right >= end) {
      fail(i, "has a child out of range");
    }
    if (left == right) fail(i, "has the same child twice");
    const std::int64_t feature = nodes.feature(i);
    if (feature < 0 || static_cast<std::uint64_t>(feature) >= n_features) {
      fail(i, "splits on a feature out of range");
    }
    if (std::isnan(nodes.threshold(i))) fail(i, "splits at NaN");
    depths.adopt(i, static_cast<std::size_t>(left));
    depths.adopt(i, static_cast<std::size_t>(right));
  }
  return facts;
}

}  // namespace

TreeFacts check_tree(const TreeRecords& nodes, std::size_t n_features, std::int64_t max_depth) {
  check_count(nodes.size());
  TreeFacts facts;
  if (!check_quickly(nodes, n_features, facts)) facts = check_carefully(nodes, n_features);
  if (max_depth < 0 || facts.depth > static_cast<std::uint64_t>(max_depth)) {
    throw Invalid("a tree is deeper than its max_depth says");
  }
  return facts;
}

TreeFacts check_predictor(const PredictorRecords& nodes, std::size_t n_features,
                          std::size_t n_bitsets) {
  const std::size_t n = nodes.size();
  check_count(n);
  TreeFacts facts;
  Depths depths(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (nodes.leaf_flag(i) > 1) fail(i, "has an is_leaf other than 0 and 1");
    if (nodes.is_leaf(i)) {
      depths.leaf(i, facts);
      continue;
    }
    const std::size_t left = nodes.left(i), right = nodes.right(i);
    if (left <= i || left >= n || right <= i || right >= n) fail(i, "has a child out of range");
    if (left == right) fail(i, "has the same child twice");
    const std::int64_t feature = nodes.feature(i);
    if (feature < 0 || static_cast<std::uint64_t>(feature) >= n_features) {
      fail(i, "splits on a feature out of range");
    }
    if (nodes.categorical_flag(i) > 1) fail(i, "has an is_categorical other than 0 and 1");
    if (nodes.is_categorical(i)) {
      if (nodes.bitset(i) >= n_bitsets) fail(i, "names a bitset out of range");
    } else if (std::isnan(nodes.threshold(i))) {
      fail(i, "splits at NaN");
    }
    depths.adopt(i, left);
    depths.adopt(i, right);
  }
  return facts;
}

std::vector<std::uint32_t> node_depths(const TreeRecords& nodes) {
  std::vector<std::uint32_t> depth(nodes.size(), 0);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes.is_leaf(i)) continue;
    depth[static_cast<std::size_t>(nodes.left(i))] = depth[i] + 1;
    depth[static_cast<std::size_t>(nodes.right(i))] = depth[i] + 1;
  }
  return depth;
}

}  // namespace skops_sklearn::trees
