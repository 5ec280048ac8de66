// The 64-bit hash of a term, for tables that live in memory only (its values are never stored).
//
// Terms are short, so up to 16 bytes cost two loads and one wide multiplication. Reads up to 8
// bytes from the start of the term whatever its length: the text needs kPadding readable bytes
// behind it.
#pragma once

#include <cstdint>
#include <cstring>

namespace skops_sklearn::text {

inline constexpr std::size_t kPadding = 64;

__extension__ using Wide = unsigned __int128;

inline std::uint64_t load_8(const char* p) {
  std::uint64_t word;
  std::memcpy(&word, p, 8);
  return word;
}

inline std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t hash_term(const char* p, std::size_t size, std::uint64_t seed) {
  constexpr std::uint64_t k0 = 0x9e3779b97f4a7c15u, k1 = 0xd6e8feb86659fd93u;
  std::uint64_t state = seed ^ (size * k1);
  if (size <= 8) {
    const std::uint64_t word =
        size == 0 ? 0 : load_8(p) & (~std::uint64_t{0} >> (64 - 8 * static_cast<int>(size)));
    return fold(word ^ k0, state ^ k1);
  }
  while (size > 16) {
    state = fold(load_8(p) ^ k0, load_8(p + 8) ^ state);
    p += 16;
    size -= 16;
  }
  if (size <= 8) return fold(load_8(p + size - 8) ^ k0, state ^ k1);
  return fold(load_8(p) ^ k0, load_8(p + size - 8) ^ state ^ k1);
}

}  // namespace skops_sklearn::text
