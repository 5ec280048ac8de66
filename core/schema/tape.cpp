#include "schema/tape.hpp"

#include <algorithm>
#include <bit>

#include "schema/key_hash.hpp"
#include "schema/same_text.hpp"

namespace skops {

double Tape::real(Index i) const {
  return std::bit_cast<double>(entries_[i].payload);
}

Tape::Index Tape::find(Index object, std::string_view key) const {
  const Entry& entry = entries_[object];
  if (entry.note == scan) {
    for (Index k = first(object); k != entry.extent; k = next(k + 1)) {
      if (same_text(text(k), key)) return k + 1;
    }
    return none;
  }
  const Index* table = key_index_.data() + (entry.payload >> 32);
  if (entry.note == hashed) {
    const std::size_t mask = std::bit_ceil(std::size_t{2} * size(object)) - 1;
    for (std::size_t slot = key_hash(key) & mask; table[slot] != none; slot = (slot + 1) & mask) {
      if (same_text(text(table[slot]), key)) return table[slot] + 1;
    }
    return none;
  }
  const Index* end = table + size(object);
  const Index* found = std::lower_bound(
      table, end, key, [this](Index k, std::string_view wanted) { return text(k) < wanted; });
  return found != end && text(*found) == key ? *found + 1 : none;
}

std::size_t Tape::memory() const {
  return entries_.capacity() * sizeof(Entry) + side_.capacity() +
         key_index_.capacity() * sizeof(Index);
}

}  // namespace skops
