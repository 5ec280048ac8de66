// The kinds of nodes in a graph: all nodes of one loader, module and class. What is decided about
// names, and how objects are made, is the same for each node of a kind.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "graph/graph.hpp"
#include "manifest/manifest.hpp"

namespace skops {

struct NodeKind {
  std::uint32_t loader, module, cls;  // numbers of the graph's names
  // The loader's declaration, null for an unknown one, and whose it is: of the host's registry.
  const LoaderEntry* entry = nullptr;
  const Manifest* manifest = nullptr;
  bool contents_checked = false;
};

// Numbers kinds while a graph is gone through: 0, 1, 2, … in the order of their first nodes.
class KindNumbers {
 public:
  // The kind of the node, and whether it is a new one.
  std::pair<std::uint32_t, bool> of(const Node& node) {
    const Key key(node.module, node.cls, node.loader, node.layout);
    Cached& cached = cache_[(node.module * 31u + node.cls * 7u + node.loader * 3u + node.layout) %
                            cache_.size()];
    if (cached.number != none && cached.key == key) return {cached.number, false};
    const auto [number, added] = add(key);
    cached = {key, number};
    return {number, added};
  }

 private:
  using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>;
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  struct Cached {
    Key key = {};
    std::uint32_t number = none;
  };

  std::pair<std::uint32_t, bool> add(const Key& key) {
    if (many_.empty()) {
      for (std::uint32_t k = 0; k < few_.size(); ++k) {
        if (few_[k] == key) return {k, false};
      }
      if (few_.size() < most_scanned) {
        few_.reserve(most_scanned);
        few_.push_back(key);
        return {static_cast<std::uint32_t>(few_.size() - 1), true};
      }
      for (std::uint32_t k = 0; k < few_.size(); ++k) many_.emplace(few_[k], k);
    }
    const auto [at, added] = many_.emplace(key, static_cast<std::uint32_t>(many_.size()));
    return {at->second, added};
  }

  static constexpr std::size_t most_scanned = 32;
  // The cache answers nearly always; the map bounds what a hostile file can make it cost.
  std::array<Cached, 32> cache_ = {};
  std::vector<Key> few_;  // as long as there are no more
  std::map<Key, std::uint32_t> many_;
};

}  // namespace skops
