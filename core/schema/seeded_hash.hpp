// A hash of texts with a secret of the process, for tables of the standard library whose keys a
// file chooses: nobody can know beforehand which ones collide. Two texts that are the same have the
// same hash in one process, and in no other.
#pragma once

#include <cstdint>
#include <cstring>
#include <random>
#include <string_view>

namespace skops {

class SeededHash {
 public:
  std::size_t operator()(std::string_view text) const {
    static const Secret secret;
    std::uint64_t hash = secret.first ^ text.size();
    const char* data = text.data();
    std::size_t left = text.size();
    const auto mix = [&](std::size_t bytes) {
      std::uint64_t word = 0;
      std::memcpy(&word, data, bytes);
      hash = folded(hash ^ word, secret.second);
    };
    for (; left > 8; left -= 8, data += 8) mix(8);
    if (left != 0) mix(left);
    return folded(hash, secret.third);
  }

 private:
  struct Secret {
    std::random_device random;
    std::uint64_t first = draw(), second = draw() | 1, third = draw() | 1;
    std::uint64_t draw() { return std::uint64_t{random()} << 32 | random(); }
  };
  // Both halves of the product, so that every bit of the secret counts.
  static std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }
};

}  // namespace skops
