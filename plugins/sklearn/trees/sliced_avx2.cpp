// Sliced kernels for AVX2; compiled with it, called only where the processor has it.
#include <immintrin.h>

#include "trees/sliced_kernels.hpp"

namespace skops_sklearn::trees {
namespace {

inline std::uint64_t mask(const float* x, SlicedNode::Threshold t) {
  const __m256 bound = _mm256_set1_ps(t.number);
  std::uint64_t out = 0;
  for (int g = 0; g < 8; ++g) {
    const __m256 le = _mm256_cmp_ps(_mm256_loadu_ps(x + 8 * g), bound, _CMP_LE_OQ);
    out |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_ps(le))} << (8 * g);
  }
  return out;
}

inline std::uint64_t mask(const std::uint8_t* x, SlicedNode::Threshold t) {
  const __m256i bound = _mm256_set1_epi8(static_cast<char>(t.code));
  const auto half = [&](const std::uint8_t* at) {
    const __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    return static_cast<std::uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(v, bound), bound)));
  };
  return half(x) | std::uint64_t{half(x + 32)} << 32;
}

inline std::size_t make_planes(const std::uint64_t* leaf, std::size_t leaves,
                               std::uint64_t* planes);

// Each bit of a plane as `bit` in a byte.
inline __m256i spread(std::uint32_t plane, char bit) {
  const __m256i bytes =
      _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int>(plane)),
                          _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2,
                                           2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3));
  const __m256i select = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201ull));
  return _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_and_si256(bytes, select), select),
                          _mm256_set1_epi8(bit));
}

inline void add(const double* values, std::size_t leaves, const std::uint64_t* reach, double* acc) {
  std::uint64_t planes[6];
  const std::size_t bits = make_planes(reach, leaves, planes);
  alignas(32) std::uint8_t index[64];
  for (std::size_t half = 0; half < 2; ++half) {
    __m256i sum = _mm256_setzero_si256();
    for (std::size_t b = 0; b < bits; ++b) {
      sum = _mm256_or_si256(sum, spread(static_cast<std::uint32_t>(planes[b] >> (32 * half)),
                                        static_cast<char>(1 << b)));
    }
    _mm256_store_si256(reinterpret_cast<__m256i*>(index + 32 * half), sum);
  }
  for (std::size_t i = 0; i < 64; i += 4) {
    const __m256d v = _mm256_setr_pd(values[index[i]], values[index[i + 1]], values[index[i + 2]],
                                     values[index[i + 3]]);
    _mm256_storeu_pd(acc + i, _mm256_add_pd(_mm256_loadu_pd(acc + i), v));
  }
}

#include "trees/sliced_body.inc"

void ranks(const double* thresholds, std::size_t levels, const double* x, std::uint8_t* codes) {
  for (std::size_t i = 0; i < 64; i += 16) {
    __m256i at[4] = {};
    __m256d v[4];
    for (std::size_t j = 0; j < 4; ++j) v[j] = _mm256_loadu_pd(x + i + 4 * j);
    for (std::size_t level = 0; level < levels; ++level) {
      const double* row = thresholds + (std::size_t{1} << level) - 1;
      for (std::size_t j = 0; j < 4; ++j) {
        const __m256d t = _mm256_i64gather_pd(row, at[j], 8);
        // A true comparison is -1.
        const __m256i right = _mm256_castpd_si256(_mm256_cmp_pd(t, v[j], _CMP_LT_OQ));
        at[j] = _mm256_sub_epi64(_mm256_add_epi64(at[j], at[j]), right);
      }
    }
    for (std::size_t j = 0; j < 4; ++j) {
      alignas(32) std::uint64_t lanes[4];
      _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), at[j]);
      for (std::size_t l = 0; l < 4; ++l) {
        codes[i + 4 * j + l] = static_cast<std::uint8_t>(lanes[l]);
      }
    }
  }
}

}  // namespace

const SlicedKernels sliced_avx2 = {&run<float>, &run<std::uint8_t>, &ranks};

}  // namespace skops_sklearn::trees
