// Random trees as scikit-learn's node records, and the naive walk that all others must equal.
#pragma once

#include <cstring>
#include <random>
#include <vector>

#include "trees/records.hpp"

namespace trees_test {

namespace trees = skops_sklearn::trees;

struct Node {
  std::int64_t left = -1, right = -1, feature = -2;
  double threshold = -2;
  bool missing_left = false, categorical = false;
  std::uint32_t bitset = 0;
  double value = 0;
};

struct Tree {
  std::vector<Node> nodes;
  std::size_t depth = 0;

  // Splits random leaves of at most `depth` until there are `leaves`; thresholds from a small grid
  // so that equality with features happens.
  Tree(std::mt19937_64& random, std::size_t leaves, std::size_t features, std::size_t most_depth,
       std::size_t categorical_features = 0) {
    std::vector<std::size_t> open{0}, level{0};
    nodes.resize(1);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    while (open.size() < leaves) {
      const std::size_t k = below(open.size());
      const std::size_t at = open[k], deep = level[k] + 1;
      if (deep > most_depth) break;
      depth = std::max(depth, deep);
      const auto child = static_cast<std::int64_t>(nodes.size());
      const bool swap = random() % 2 != 0;
      nodes[at].left = child + swap;
      nodes[at].right = child + !swap;
      nodes[at].feature = static_cast<std::int64_t>(below(features));
      nodes[at].threshold = static_cast<double>(below(41)) / 10 - 2;
      nodes[at].missing_left = random() % 2 != 0;
      if (static_cast<std::size_t>(nodes[at].feature) < categorical_features) {
        nodes[at].categorical = true;
        nodes[at].bitset = static_cast<std::uint32_t>(below(4));
      }
      nodes.resize(nodes.size() + 2);
      open[k] = nodes.size() - 2;
      level[k] = deep;
      open.push_back(nodes.size() - 1);
      level.push_back(deep);
    }
    for (Node& node : nodes) node.value = static_cast<double>(random() % 1000) / 7;
  }

  std::vector<char> tree_bytes(std::size_t stride = 64) const {
    std::vector<char> out(nodes.size() * stride);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      char* to = &out[i * stride];
      const Node& node = nodes[i];
      std::memcpy(to, &node.left, 8);
      std::memcpy(to + 8, &node.right, 8);
      std::memcpy(to + 16, &node.feature, 8);
      std::memcpy(to + 24, &node.threshold, 8);
      to[56] = node.missing_left;
    }
    return out;
  }
  std::vector<char> predictor_bytes() const {
    std::vector<char> out(nodes.size() * 56);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      char* to = &out[i * 56];
      const Node& node = nodes[i];
      const bool leaf = node.left < 0;
      const std::uint32_t left = leaf ? 0 : static_cast<std::uint32_t>(node.left),
                          right = leaf ? 0 : static_cast<std::uint32_t>(node.right);
      const std::int64_t feature = leaf ? 0 : node.feature;
      std::memcpy(to, &node.value, 8);
      std::memcpy(to + 12, &feature, 8);
      std::memcpy(to + 20, &node.threshold, 8);
      to[28] = node.missing_left;
      std::memcpy(to + 29, &left, 4);
      std::memcpy(to + 33, &right, 4);
      to[49] = leaf;
      to[51] = node.categorical;
      std::memcpy(to + 52, &node.bitset, 4);
    }
    return out;
  }

  // The leaf of a row. `goes_left(node, number)` decides.
  template <class T, class GoesLeft>
  std::size_t walk(const T* row, GoesLeft goes_left) const {
    std::size_t at = 0;
    while (nodes[at].left >= 0) {
      const Node& node = nodes[at];
      at = static_cast<std::size_t>(goes_left(node, row[node.feature]) ? node.left : node.right);
    }
    return at;
  }
};

}  // namespace trees_test
