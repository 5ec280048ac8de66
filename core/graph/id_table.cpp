#include "graph/id_table.hpp"

#include <utility>

namespace skops {
namespace {

// Honest ids need less than one further probe each on average, and never a long chain.
constexpr std::size_t longest_chain = 64;

}  // namespace

std::size_t IdTable::slot_of(std::int64_t id) const {
  std::uint64_t hash = static_cast<std::uint64_t>(id) * 0x9e3779b97f4a7c15u;
  hash ^= hash >> 32;
  return static_cast<std::size_t>(hash) & (slots_.size() - 1);
}

NodeId IdTable::find(std::int64_t id) const {
  if (ordered_) {
    const auto found = map_.find(id);
    return found == map_.end() ? no_node : found->second;
  }
  if (slots_.empty()) return no_node;
  // No id lies further from its slot than `place` went, however long the runs of used slots are.
  std::size_t i = slot_of(id);
  for (std::size_t chain = 0; chain <= longest_chain && slots_[i].id != 0; ++chain) {
    if (slots_[i].id == id) return slots_[i].node;
    i = (i + 1) & (slots_.size() - 1);
  }
  return no_node;
}

bool IdTable::place(std::int64_t id, NodeId node) {
  std::size_t chain = 0;
  std::size_t i = slot_of(id);
  for (; slots_[i].id != 0; i = (i + 1) & (slots_.size() - 1)) {
    if (++chain > longest_chain) return false;
  }
  slots_[i] = {id, node};
  return true;
}

void IdTable::grow() {
  const std::vector<Slot> old = std::exchange(
      slots_, std::vector<Slot>(slots_.empty() ? 64 : 2 * slots_.size(), Slot{0, no_node}));
  for (const Slot& slot : old) {
    if (slot.id == 0) continue;
    if (ordered_ || !place(slot.id, slot.node)) {
      if (!std::exchange(ordered_, true)) {
        for (const Slot& all : old) {
          if (all.id != 0) map_.emplace(all.id, all.node);
        }
      }
    }
  }
}

void IdTable::add(std::int64_t id, NodeId node) {
  if (!ordered_ && 2 * (used_ + 1) > slots_.size()) grow();
  if (!ordered_ && !place(id, node)) {
    for (const Slot& slot : slots_) {
      if (slot.id != 0) map_.emplace(slot.id, slot.node);
    }
    ordered_ = true;
  }
  if (ordered_) {
    slots_.clear();
    map_.emplace(id, node);
  }
  ++used_;
}

}  // namespace skops
