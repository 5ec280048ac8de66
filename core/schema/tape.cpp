#include "schema/tape.hpp"

#include <algorithm>
#include <bit>

#include "schema/key_hash.hpp"
#include "schema/same_text.hpp"

namespace skops {

double Tape::real(Index i) const {
  return std::bit_cast<double>(entries_[i].payload);
}

Tape::Found Tape::search(Index object, std::string_view key) const {
  const Entry& entry = entries_[object];
  std::size_t compared = 0;
  if (entry.note == scan) {
    for (Index k = first(object); k != entry.extent; k = next(k + 1)) {
      ++compared;
      if (same_text(text(k), key)) return {k + 1, compared};
    }
    return {none, compared};
  }
  const Index* table = key_index_.data() + (entry.payload >> 32);
  if (entry.note == hashed) {
    // Keys can be made to fill one place of the table without ever colliding with each other; a key
    // that is not among them must not be compared with all.
    const std::size_t mask = std::bit_ceil(std::size_t{2} * size(object)) - 1;
    std::size_t slot = key_hash(key) & mask;
    while (compared < most_probes && table[slot] != none) {
      ++compared;
      if (same_text(text(table[slot]), key)) return {table[slot] + 1, compared};
      slot = (slot + 1) & mask;
    }
    return {none, compared};
  }
  const Index* end = table + size(object);
  const Index* found = std::lower_bound(table, end, key, [&](Index k, std::string_view wanted) {
    ++compared;
    return text(k) < wanted;
  });
  const bool here = found != end && text(*found) == key;
  return {here ? *found + 1 : none, compared + 1};
}

std::size_t Tape::memory() const {
  return entries_.capacity() * sizeof(Entry) + side_.capacity() +
         key_index_.capacity() * sizeof(Index);
}

}  // namespace skops
