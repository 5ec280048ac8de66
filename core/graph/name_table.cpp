#include "graph/name_table.hpp"

#include <utility>

#include "schema/key_hash.hpp"
#include "schema/same_text.hpp"

namespace skops {
namespace {

constexpr std::size_t longest_chain = 32;

}  // namespace

NameTable::Slot* NameTable::slot(std::string_view text) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t k = key_hash(text) & mask;
  for (std::size_t chain = 0; chain < longest_chain; ++chain, k = (k + 1) & mask) {
    Slot& slot = slots_[k];
    if (slot.number == none || same_text(slot.text, text)) return &slot;
  }
  return nullptr;
}

void NameTable::grow() {
  const std::vector<Slot> old =
      std::exchange(slots_, std::vector<Slot>(slots_.empty() ? 64 : 2 * slots_.size()));
  for (const Slot& moved : old) {
    if (moved.number == none) continue;
    if (Slot* to = slot(moved.text)) {
      *to = moved;
    } else {
      crowded_.emplace(moved.text, moved.number);
    }
  }
}

std::uint32_t NameTable::number(Tape::Index string) {
  const std::string_view text = tape_.text(string);
  if (std::size_t{2} * (used_ + 1) > slots_.size()) grow();
  Slot* const found = slot(text);
  if (found != nullptr && found->number != none) return found->number;
  if (const auto at = crowded_.find(text); at != crowded_.end()) return at->second;
  const auto fresh = static_cast<std::uint32_t>(names_.size());
  names_.push_back(string);
  if (found != nullptr) {
    *found = {text, fresh};
    ++used_;
  } else {
    crowded_.emplace(text, fresh);
  }
  return fresh;
}

}  // namespace skops
