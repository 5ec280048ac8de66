#include "archive/name_index.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "archive/archive.hpp"
#include "schema/key_hash.hpp"
#include "schema/same_text.hpp"

namespace skops {

std::optional<std::uint32_t> NameIndex::fill(std::span<const Member> members) {
  std::optional<std::uint32_t> twice;
  if (hash(members, twice)) return twice;
  sorted_ = true;
  numbers_.resize(members.size());
  std::iota(numbers_.begin(), numbers_.end(), 0u);
  std::sort(numbers_.begin(), numbers_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return members[a].name < members[b].name; });
  const auto at = std::adjacent_find(
      numbers_.begin(), numbers_.end(),
      [&](std::uint32_t a, std::uint32_t b) { return members[a].name == members[b].name; });
  return at == numbers_.end() ? std::nullopt : std::optional(*at);
}

// False where the names take more probes than honest ones.
bool NameIndex::hash(std::span<const Member> members, std::optional<std::uint32_t>& twice) {
  numbers_.assign(std::bit_ceil(2 * members.size() + 1), none);
  const std::size_t mask = numbers_.size() - 1;
  // Honest names need 1.5 probes each.
  std::size_t credit = 8 * members.size() + 64;
  for (std::uint32_t k = 0; k < members.size(); ++k) {
    std::size_t slot = key_hash(members[k].name) & mask, probes = 1;
    for (; numbers_[slot] != none; slot = (slot + 1) & mask) {
      if (same_text(members[numbers_[slot]].name, members[k].name)) {
        twice = k;
        return true;
      }
      if (--credit == 0 || ++probes > most_probes) return false;
    }
    numbers_[slot] = k;
  }
  return true;
}

std::optional<std::uint32_t> NameIndex::find(std::span<const Member> members,
                                             std::string_view name) const {
  if (sorted_) {
    const auto at = std::lower_bound(
        numbers_.begin(), numbers_.end(), name,
        [&](std::uint32_t k, std::string_view wanted) { return members[k].name < wanted; });
    if (at == numbers_.end() || members[*at].name != name) return std::nullopt;
    return *at;
  }
  const std::size_t mask = numbers_.size() - 1;
  std::size_t slot = key_hash(name) & mask;
  for (std::size_t probe = 0; probe < most_probes && numbers_[slot] != none; ++probe) {
    if (same_text(members[numbers_[slot]].name, name)) return numbers_[slot];
    slot = (slot + 1) & mask;
  }
  return std::nullopt;
}

}  // namespace skops
