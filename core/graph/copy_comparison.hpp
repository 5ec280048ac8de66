// Compares a full copy of a node with the node first seen under the same `__id__`.
//
// Released skops writes an object that occurs n times n times in full, and what `__getstate__`
// makes anew each time has other ids and other members in every copy. So copies are equal when they
// are equal but for the ids nested in them, and but for members whose bytes are equal; the latter
// are recorded in Graph::equal_members. References inside must lead to the same node. Both are
// walked in step, so the cost is the size of the copy.
#pragma once

#include <string_view>
#include <vector>

#include "graph/graph.hpp"
#include "graph/id_table.hpp"

namespace skops {

class CopyComparison {
 public:
  CopyComparison(Graph& graph, const IdTable& ids, const LoaderTable& loaders)
      : graph_(graph), ids_(ids), loaders_(loaders) {}

  bool same(Tape::Index first, Tape::Index copy);

 private:
  struct Pair {
    Tape::Index a, a_end, b, b_end;  // what is left of two arrays or objects
    Tape::Index object, copy;        // the objects themselves, or none for arrays
  };
  // Compares two values; containers are pushed for later.
  bool enter(Tape::Index a, Tape::Index b, Tape::Index object, Tape::Index copy,
             std::string_view key);
  bool same_target(std::int64_t a, std::int64_t b) const;
  bool members(Tape::Index a, Tape::Index b, Tape::Index object, std::string_view key);
  bool is_member_field(Tape::Index object, std::string_view key) const;

  Graph& graph_;
  const IdTable& ids_;
  const LoaderTable& loaders_;
  std::vector<Pair> stack_;
};

// The `__id__` of a reference: an object with nothing but an id, or a `CachedNode`. 0 when `object`
// is no reference.
std::int64_t reference_id(const Tape& tape, Tape::Index object);

}  // namespace skops
