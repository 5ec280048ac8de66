// Plain C++, and the choice among all instruction sets.
#include <bit>

#include "trees/sliced_kernels.hpp"

namespace skops_sklearn::trees {
namespace {

// Eight bytes of 0 or 1 as eight bits.
inline std::uint64_t gather_bits(const std::uint8_t* flags) {
  std::uint64_t out = 0;
  for (std::size_t g = 0; g < 8; ++g) {
    std::uint64_t word = 0;
    for (std::size_t j = 0; j < 8; ++j) word |= std::uint64_t{flags[8 * g + j]} << (8 * j);
    out |= (word * 0x0102040810204080u >> 56) << (8 * g);
  }
  return out;
}

inline std::uint64_t mask(const float* x, SlicedNode::Threshold t) {
  std::uint8_t flags[64];
  for (std::size_t i = 0; i < 64; ++i) flags[i] = x[i] <= t.number;
  return gather_bits(flags);
}

inline std::uint64_t mask(const std::uint8_t* x, SlicedNode::Threshold t) {
  std::uint8_t flags[64];
  const auto code = static_cast<std::uint8_t>(t.code);
  for (std::size_t i = 0; i < 64; ++i) flags[i] = x[i] <= code;
  return gather_bits(flags);
}

inline void add(const double* values, std::size_t leaves, const std::uint64_t* reach, double* acc) {
  for (std::size_t l = 0; l < leaves; ++l) {
    for (std::uint64_t rows = reach[l]; rows != 0; rows &= rows - 1) {
      acc[std::countr_zero(rows)] += values[l];
    }
  }
}

#include "trees/sliced_body.inc"

void ranks(const double* thresholds, std::size_t levels, const double* x, std::uint8_t* codes) {
  for (std::size_t i = 0; i < 64; i += 8) {
    std::size_t at[8] = {};
    for (std::size_t level = 0; level < levels; ++level) {
      const double* row = thresholds + (std::size_t{1} << level) - 1;
      for (std::size_t j = 0; j < 8; ++j) at[j] = 2 * at[j] + (row[at[j]] < x[i + j]);
    }
    for (std::size_t j = 0; j < 8; ++j) codes[i + j] = static_cast<std::uint8_t>(at[j]);
  }
}

const SlicedKernels& choose() {
#ifdef SKOPS_TREES_X86
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512f")) {
    return sliced_avx512;
  }
  if (__builtin_cpu_supports("avx2")) return sliced_avx2;
#endif
  return sliced_portable;
}

}  // namespace

const SlicedKernels sliced_portable = {&run<float>, &run<std::uint8_t>, &ranks};

const SlicedKernels& sliced_kernels() {
  static const SlicedKernels& best = choose();
  return best;
}

}  // namespace skops_sklearn::trees
