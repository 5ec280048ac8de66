// Scans JSON text many bytes at a time: to the end of what needs no look, and past spaces. Names
// and keys have a dozen bytes: one step of sixteen has no branch that depends on their length.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace skops {

namespace scan {

inline constexpr std::uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;

inline std::uint64_t word_at(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, 8);
  return word;
}

// The high bit of each byte of `word` that is a quote, a backslash or a control character. A byte
// above such a one may be marked, too; the lowest mark is always right.
inline std::uint64_t specials(std::uint64_t word) {
  const auto zero = [](std::uint64_t w) { return (w - ones) & ~w; };
  return (zero(word ^ ones * '"') | zero(word ^ ones * '\\') | ((word - ones * 0x20) & ~word)) &
         highs;
}

inline bool is_special(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

// The number of bytes below the lowest mark.
inline int below(std::uint64_t marks) {
  static_assert(std::endian::native == std::endian::little);
  return std::countr_zero(marks) / 8;
}

}  // namespace scan

// What ends a scan besides quotes, backslashes and control characters.
enum class Letters { any, ascii };

// The first quote, backslash or control character (or, with Letters::ascii, other byte beyond
// ASCII), or `end`.
template <Letters letters = Letters::any>
[[gnu::always_inline]] inline const char* find_special(const char* at, const char* end) {
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                  slashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')),
                  controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    __m128i found = _mm_or_si128(quotes, _mm_or_si128(slashes, controls));
    if constexpr (letters == Letters::ascii) found = _mm_or_si128(found, bytes);
    const int marks = _mm_movemask_epi8(found);  // of the highest bits
    if (marks != 0) return at + std::countr_zero(static_cast<unsigned>(marks));
  }
#endif
  for (; end - at >= 8; at += 8) {
    const std::uint64_t word = scan::word_at(at);
    std::uint64_t marks = scan::specials(word);
    if constexpr (letters == Letters::ascii) marks |= word & scan::highs;
    if (marks != 0) return at + scan::below(marks);
  }
  while (at != end && !scan::is_special(*at)) {
    if (letters == Letters::ascii && static_cast<signed char>(*at) < 0) break;
    ++at;
  }
  return at;
}

// The first byte that is no white space of JSON at `at`, where there is some.
inline const char* skip_spaces(const char* at, const char* end) {
#ifdef __SSE2__
  // Indented text: a line break, and then a long run of spaces.
  if (*at == '\n') {
    for (++at; end - at >= 16; at += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
      const auto others =
          ~static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' '))));
      if ((others & 0xffffu) == 0) continue;
      at += std::countr_zero(others);
      break;
    }
  }
#endif
  while (at != end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')) ++at;
  return at;
}

// The first byte that is no white space of JSON, or `end`.
[[gnu::always_inline]] inline const char* skip_space(const char* at, const char* end) {
  if (at == end || static_cast<unsigned char>(*at) > ' ') return at;
  if (*at == ' ' && end - at > 1 && static_cast<unsigned char>(at[1]) > ' ') return at + 1;
  return skip_spaces(at, end);
}

}  // namespace skops
