// UTF-8 code point by code point, and the repair of texts that are none, as bytes.decode() does it.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace skops_sklearn::text {

// The code point at `p` of a text that is valid UTF-8; moves `p` behind it.
inline char32_t next_point(const char*& p) {
  const auto at = [&](int k) { return static_cast<char32_t>(static_cast<unsigned char>(p[k])); };
  const char32_t lead = at(0);
  if (lead < 0x80) {
    ++p;
    return lead;
  }
  char32_t c;
  if (lead < 0xe0) {
    c = (lead & 0x1f) << 6 | (at(1) & 0x3f);
    p += 2;
  } else if (lead < 0xf0) {
    c = (lead & 0x0f) << 12 | (at(1) & 0x3f) << 6 | (at(2) & 0x3f);
    p += 3;
  } else {
    c = (lead & 0x07) << 18 | (at(1) & 0x3f) << 12 | (at(2) & 0x3f) << 6 | (at(3) & 0x3f);
    p += 4;
  }
  return c;
}

// The code point before `p`; moves `p` to its start.
inline char32_t previous_point(const char*& p) {
  do {
    --p;
  } while ((static_cast<unsigned char>(*p) & 0xc0) == 0x80);
  const char* q = p;
  return next_point(q);
}

inline bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// The number of bytes of the code point that begins with `lead`.
inline std::size_t point_size(char lead) {
  const auto c = static_cast<unsigned char>(lead);
  return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

inline void append_point(std::string& out, char32_t c) {
  const auto byte = [&](char32_t b) { out += static_cast<char>(b); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xc0 | c >> 6);
    byte(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    byte(0xe0 | c >> 12);
    byte(0x80 | (c >> 6 & 0x3f));
    byte(0x80 | (c & 0x3f));
  } else {
    byte(0xf0 | c >> 18);
    byte(0x80 | (c >> 12 & 0x3f));
    byte(0x80 | (c >> 6 & 0x3f));
    byte(0x80 | (c & 0x3f));
  }
}

// How many bytes from `p` are one valid code point; 0 where they are none, and `bad` is then the
// number of bytes that Python replaces together (the longest prefix of a code point, at least 1).
inline std::size_t valid_point(const char* p, const char* end, std::size_t& bad) {
  const auto at = [&](std::size_t k) { return static_cast<unsigned char>(p[k]); };
  const auto left = static_cast<std::size_t>(end - p);
  const unsigned char lead = at(0);
  bad = 1;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const std::size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  // The second byte decides on overlong forms, surrogates and points beyond U+10FFFF.
  const unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (left < 2 || at(1) < low || at(1) > high) return 0;
  for (bad = 2; bad < size; ++bad) {
    if (left <= bad || (at(bad) & 0xc0) != 0x80) return 0;
  }
  return size;
}

enum class DecodeError : std::uint8_t { strict, ignore, replace };

// Whether `in` is valid UTF-8. Where it is not and `errors` allows it, `out` gets the repaired
// text.
enum class Decoded : std::uint8_t { valid, repaired, refused };
inline Decoded decode(std::string_view in, DecodeError errors, std::string& out) {
  const char* const end = in.data() + in.size();
  const char* p = in.data();
  std::size_t bad = 0;
  while (p < end) {
    if (end - p >= 8) {
      std::uint64_t word;
      std::memcpy(&word, p, 8);
      if ((word & 0x8080808080808080u) == 0) {
        p += 8;
        continue;
      }
    }
    const std::size_t n = valid_point(p, end, bad);
    if (n == 0) break;
    p += n;
  }
  if (p == end) return Decoded::valid;
  if (errors == DecodeError::strict) return Decoded::refused;
  out.assign(in.data(), p);
  while (p < end) {
    const std::size_t n = valid_point(p, end, bad);
    if (n > 0) {
      out.append(p, n);
      p += n;
    } else {
      if (errors == DecodeError::replace) append_point(out, 0xfffd);
      p += bad;
    }
  }
  return Decoded::repaired;
}

}  // namespace skops_sklearn::text
