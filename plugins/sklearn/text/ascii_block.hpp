// 64 bytes of text at a time: lower case, which bytes belong to words, and whether any is not
// ASCII.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace skops_sklearn::text {

// Copies 64 bytes, letters in lower case where `lower`. Returns a bit for every byte that is a
// letter, digit or '_' of ASCII; `high` gets a bit set where a byte is beyond ASCII.
inline std::uint64_t copy_ascii_block(const char* in, char* out, bool lower, std::uint64_t& high) {
  std::uint64_t words = 0;
#if defined(__SSE2__)
  // Signed comparisons: bytes beyond ASCII are negative and fall out of every range.
  const auto between = [](__m128i v, char low, char past) {
    return _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8(static_cast<char>(low - 1))),
                         _mm_cmplt_epi8(v, _mm_set1_epi8(past)));
  };
  const __m128i case_bit = _mm_set1_epi8(lower ? 0x20 : 0);
  for (int k = 0; k < 4; ++k) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + 16 * k));
    const __m128i upper = between(v, 'A', 'Z' + 1);
    const __m128i rest =
        _mm_or_si128(_mm_or_si128(between(v, 'a', 'z' + 1), between(v, '0', '9' + 1)),
                     _mm_cmpeq_epi8(v, _mm_set1_epi8('_')));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16 * k),
                     _mm_or_si128(v, _mm_and_si128(upper, case_bit)));
    const auto bits = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(upper, rest)));
    words |= std::uint64_t{bits} << (16 * k);
    high |= static_cast<std::uint32_t>(_mm_movemask_epi8(v));
  }
#else
  for (int k = 0; k < 64; ++k) {
    const unsigned c = static_cast<unsigned char>(in[k]);
    const bool upper = c - 'A' < 26u;
    const bool word = upper || c - 'a' < 26u || c - '0' < 10u || c == '_';
    out[k] = static_cast<char>(upper && lower ? c | 0x20 : c);
    words |= std::uint64_t{word} << k;
    high |= c >> 7;
  }
#endif
  return words;
}

}  // namespace skops_sklearn::text
