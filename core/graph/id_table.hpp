// Which node has which `__id__`.
//
// A flat hash table for what honest files hold (addresses), which turns into an ordered map when
// ids have been chosen to collide: no file can make a look-up slow.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "graph/graph.hpp"

namespace skops {

class IdTable {
 public:
  // The node remembered under `id` (1 or more), or no_node.
  NodeId find(std::int64_t id) const;
  // Remembers a node under an id that `find` does not know.
  void add(std::int64_t id, NodeId node);

 private:
  struct Slot {
    std::int64_t id;  // 0: free
    NodeId node;
  };
  std::size_t slot_of(std::int64_t id) const;
  bool place(std::int64_t id, NodeId node);
  void grow();

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
  bool ordered_ = false;
  std::map<std::int64_t, NodeId> map_;
};

}  // namespace skops
