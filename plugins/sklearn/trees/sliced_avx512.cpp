// Sliced kernels for AVX-512 (F, BW, DQ, VL); called only where the processor has them.
#include <immintrin.h>

#include "trees/sliced_kernels.hpp"

namespace skops_sklearn::trees {
namespace {

inline std::uint64_t mask(const float* x, SlicedNode::Threshold t) {
  const __m512 bound = _mm512_set1_ps(t.number);
  const auto part = [&](int g) {
    return std::uint64_t{_mm512_cmp_ps_mask(_mm512_loadu_ps(x + 16 * g), bound, _CMP_LE_OQ)};
  };
  return part(0) | part(1) << 16 | part(2) << 32 | part(3) << 48;
}

inline std::uint64_t mask(const std::uint8_t* x, SlicedNode::Threshold t) {
  return _mm512_cmple_epu8_mask(_mm512_loadu_si512(x), _mm512_set1_epi8(static_cast<char>(t.code)));
}

inline std::size_t make_planes(const std::uint64_t* leaf, std::size_t leaves,
                               std::uint64_t* planes);

// values[index] for 8 rows; the table has 8, 16, 32 or 64 entries.
template <int entries>
inline __m512d look_up(const __m512d* table, __m512i index) {
  if constexpr (entries == 8) return _mm512_permutexvar_pd(index, table[0]);
  if constexpr (entries == 16) return _mm512_permutex2var_pd(table[0], index, table[1]);
  if constexpr (entries >= 32) {
    constexpr int half = entries / 2;
    const __mmask8 high = _mm512_test_epi64_mask(index, _mm512_set1_epi64(half));
    return _mm512_mask_blend_pd(high, look_up<half>(table, index),
                                look_up<half>(table + half / 8, index));
  }
}

template <int entries>
inline void add_rows(const double* values, __m512i index, double* acc) {
  __m512d table[entries / 8];
  for (int k = 0; k < entries / 8; ++k) table[k] = _mm512_loadu_pd(values + 8 * k);
  alignas(64) std::uint8_t bytes[64];
  _mm512_store_si512(bytes, index);
#pragma GCC unroll 8
  for (int g = 0; g < 8; ++g) {
    const __m512i rows =
        _mm512_cvtepu8_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes + 8 * g)));
    double* to = acc + 8 * g;
    _mm512_storeu_pd(to, _mm512_add_pd(_mm512_loadu_pd(to), look_up<entries>(table, rows)));
  }
}

inline void add(const double* values, std::size_t leaves, const std::uint64_t* reach, double* acc) {
  std::uint64_t planes[6];
  const std::size_t bits = make_planes(reach, leaves, planes);
  __m512i index = _mm512_setzero_si512();
  for (std::size_t b = 0; b < bits; ++b) {
    index = _mm512_or_si512(index, _mm512_maskz_set1_epi8(planes[b], static_cast<char>(1 << b)));
  }
  if (leaves <= 8) return add_rows<8>(values, index, acc);
  if (leaves <= 16) return add_rows<16>(values, index, acc);
  if (leaves <= 32) return add_rows<32>(values, index, acc);
  add_rows<64>(values, index, acc);
}

#include "trees/sliced_body.inc"

// The first levels of the search are permutations of registers; only the last ones gather.
void ranks(const double* thresholds, std::size_t levels, const double* x, std::uint8_t* codes) {
  const __m512i ones = _mm512_set1_epi64(1);
  const __m512d top = _mm512_loadu_pd(thresholds);  // levels 0 to 2
  const auto load = [&](std::size_t level, std::size_t k) {
    const std::size_t first = (std::size_t{1} << level) - 1 + 8 * k;
    return level < levels ? _mm512_loadu_pd(thresholds + first) : _mm512_setzero_pd();
  };
  const __m512d third = load(3, 0), fourth[2] = {load(4, 0), load(4, 1)};
  const __m512d fifth[4] = {load(5, 0), load(5, 1), load(5, 2), load(5, 3)};
  for (std::size_t i = 0; i < 64; i += 8) {
    const __m512d v = _mm512_loadu_pd(x + i);
    __m512i at = _mm512_setzero_si512();
    const auto descend = [&](__m512d t) {
      const __mmask8 right = _mm512_cmp_pd_mask(t, v, _CMP_LT_OQ);
      at = _mm512_add_epi64(at, at);
      at = _mm512_mask_add_epi64(at, right, at, ones);
    };
    for (std::size_t level = 0; level < levels; ++level) {
      if (level < 3) {
        const __m512i first = _mm512_set1_epi64((1 << level) - 1);
        descend(_mm512_permutexvar_pd(_mm512_add_epi64(at, first), top));
      } else if (level == 3) {
        descend(look_up<8>(&third, at));
      } else if (level == 4) {
        descend(look_up<16>(fourth, at));
      } else if (level == 5) {
        descend(look_up<32>(fifth, at));
      } else {
        descend(_mm512_i64gather_pd(at, thresholds + (std::size_t{1} << level) - 1, 8));
      }
    }
    _mm_storel_epi64(reinterpret_cast<__m128i*>(codes + i), _mm512_cvtepi64_epi8(at));
  }
}

}  // namespace

const SlicedKernels sliced_avx512 = {&run<float>, &run<std::uint8_t>, &ranks};

}  // namespace skops_sklearn::trees
