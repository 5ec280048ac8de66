// A hash for keys of large JSON objects. Speed matters, resistance to chosen collisions does not:
// whoever uses it bounds the probing and falls back to sorting.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace skops {

inline std::uint64_t key_hash(std::string_view key) {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15u;
  std::uint64_t hash = key.size() * odd;
  const char* data = key.data();
  std::size_t left = key.size();
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * odd;
    hash ^= hash >> 32;
  };
  for (; left >= 8; left -= 8, data += 8) {
    std::uint64_t word;
    std::memcpy(&word, data, 8);
    mix(word);
  }
  std::uint64_t word = 0;
  std::memcpy(&word, data, left);
  mix(word);
  return hash;
}

}  // namespace skops
