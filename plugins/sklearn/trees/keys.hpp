// Numbers as unsigned 32-bit keys in the same order, so that a walk compares integers and adds the
// carry: goes right iff key(threshold) < key(x).
//
// scikit-learn's trees compare float32 features with float64 thresholds. Rounding the threshold
// *down* to float32 changes no comparison: for float32 x, x <= t iff x <= (largest float32 <= t).
// Both zeros have one key. The keys of a threshold end at that of +inf (0xff800000); what is
// beyond marks a leaf and carries 23 bits of payload.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace skops_sklearn::trees {

inline constexpr std::uint32_t leaf_key = 0xff800000u;
inline constexpr std::uint32_t leaf_payload_bits = 23;

inline std::uint32_t key_of(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x + 0.0f);
  return bits ^ (static_cast<std::uint32_t>(static_cast<std::int32_t>(bits) >> 31) | 0x80000000u);
}

// The number of a key; of two zeros the positive one.
inline float number_of(std::uint32_t key) {
  return std::bit_cast<float>(key & 0x80000000u ? key ^ 0x80000000u : ~key);
}

inline float round_down(double t) {
  const float f = static_cast<float>(t);
  return static_cast<double>(f) > t ? std::nextafterf(f, -std::numeric_limits<float>::infinity())
                                    : f;
}

inline std::uint32_t threshold_key(double t) {
  return key_of(round_down(t));
}

}  // namespace skops_sklearn::trees
