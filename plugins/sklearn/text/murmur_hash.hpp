// MurmurHash3 x86 32-bit, seed 0, as sklearn.feature_extraction hashes terms: the result is signed.
//
// Algorithm by Austin Appleby (public domain), https://github.com/aappleby/smhasher.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace skops_sklearn::text {

inline std::int32_t murmur_hash(std::string_view key, std::uint32_t seed = 0) {
  constexpr std::uint32_t c1 = 0xcc9e2d51, c2 = 0x1b873593;
  const auto scramble = [](std::uint32_t k) { return std::rotl(k * c1, 15) * c2; };
  std::uint32_t h = seed;
  const char* p = key.data();
  std::size_t left = key.size();
  for (; left >= 4; p += 4, left -= 4) {
    std::uint32_t block;
    std::memcpy(&block, p, 4);
    h = std::rotl(h ^ scramble(block), 13) * 5 + 0xe6546b64;
  }
  if (left > 0) {
    std::uint32_t tail = 0;
    for (std::size_t k = left; k-- > 0;) tail = tail << 8 | static_cast<unsigned char>(p[k]);
    h ^= scramble(tail);
  }
  h ^= static_cast<std::uint32_t>(key.size());
  h = (h ^ h >> 16) * 0x85ebca6b;
  h = (h ^ h >> 13) * 0xc2b2ae35;
  return static_cast<std::int32_t>(h ^ h >> 16);
}

// The column of a hashed term, |hash| modulo the number of columns, without overflow at INT32_MIN.
inline std::uint32_t hashed_column(std::int32_t hash, std::uint32_t columns) {
  if (hash == INT32_MIN) return (2147483647u - (columns - 1)) % columns;
  return static_cast<std::uint32_t>(hash < 0 ? -hash : hash) % columns;
}

}  // namespace skops_sklearn::text
