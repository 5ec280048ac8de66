// Which nodes are plain data, and the JSON text that stands for them.
//
// A list or dict that holds nothing but text, numbers, bools, None and such lists and dicts, and that
// nothing else refers to, can be *one* node of JSON text: released skops gives that text to
// json.loads, which makes the same object. The vocabulary of 40,000 terms becomes one string.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.hpp"
#include "skops/limits.hpp"

namespace skops {

class PlainData {
 public:
  // `references`: per node, how many JSON objects stand for it. The graph must outlive this.
  PlainData(const Graph& graph, const std::vector<std::uint32_t>& references,
            const Limits& limits);

  // Whether the node holds JSON text of a value that cannot change: no list, no dict.
  bool scalar(NodeId node) const { return nodes_[node].scalar; }
  // Whether the node is a list or dict that is to be written as JSON text.
  bool written_as_text(NodeId node) const { return nodes_[node].collapse; }
  // Its text. Recursion is bounded by the nesting that is allowed for text.
  std::string text(NodeId node) const;

 private:
  // `depth` of nested brackets and `size` of the text, for plain nodes.
  struct Info {
    bool plain = false, scalar = false, collapse = false;
    std::uint32_t depth = 0;
    std::uint64_t size = 0;
  };
  void look_at_text(NodeId node);
  void look_at_container(NodeId node, Tape::Index content, bool keys);
  bool has_only(NodeId node, std::size_t keys) const;
  bool text_keys(NodeId node) const;
  bool is_item(NodeId node) const;
  Tape::Index content(NodeId node) const { return graph_.field(node, "content"); }
  void append(std::string& out, NodeId node) const;

  const Graph& graph_;
  const std::vector<std::uint32_t>& references_;
  const Limits& limits_;
  std::vector<Info> nodes_;
};

}  // namespace skops
