// Equality of short texts. Keys and names of a schema have 4 to 12 bytes, and there are a hundred
// thousand of them in the schema of a forest: calling memcmp costs more than comparing.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace skops {

inline bool same_text(std::string_view a, std::string_view b) {
  const std::size_t n = a.size();
  if (n != b.size()) return false;
  // Two words that overlap cover every length between theirs and twice that.
  const auto differ = [&]<class Word>(Word) {
    Word a_first, a_last, b_first, b_last;
    std::memcpy(&a_first, a.data(), sizeof(Word));
    std::memcpy(&b_first, b.data(), sizeof(Word));
    std::memcpy(&a_last, a.data() + n - sizeof(Word), sizeof(Word));
    std::memcpy(&b_last, b.data() + n - sizeof(Word), sizeof(Word));
    return ((a_first ^ b_first) | (a_last ^ b_last)) != 0;
  };
  if (n > 16) return std::memcmp(a.data(), b.data(), n) == 0;
  if (n >= 8) return !differ(std::uint64_t{});
  if (n >= 4) return !differ(std::uint32_t{});
  for (std::size_t k = 0; k < n; ++k) {
    if (a[k] != b[k]) return false;
  }
  return true;
}

}  // namespace skops
