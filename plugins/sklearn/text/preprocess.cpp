#include "text/preprocess.hpp"

#include <algorithm>

#include "text/unicode.hpp"
#include "text/utf8.hpp"

namespace skops_sklearn::text {
namespace {

// Whether the capital sigma at [begin, end) ends a word: a cased letter before it and none after
// it, case-ignorable characters left out of account.
bool is_final_sigma(const CharTables& tables, std::string_view in, const char* begin,
                    const char* end) {
  const auto skipped = [&](std::uint8_t flags) { return (flags & kIgnorable) != 0; };
  const char* p = begin;
  std::uint8_t flags = 0;
  while (p > in.data() && skipped(flags = tables.flags(previous_point(p)))) flags = 0;
  if ((flags & kCased) == 0) return false;
  flags = 0;
  p = end;
  const char* const stop = in.data() + in.size();
  while (p < stop && skipped(flags = tables.flags(next_point(p)))) flags = 0;
  return (flags & kCased) == 0;
}

// Appends the lower case of the ASCII characters at `p`, up to 16 and at least one; gives their
// end.
const char* append_ascii_lower(const char* p, const char* end, std::string& out) {
  char lower[16];
  std::size_t n = 0;
  const auto most = std::min<std::size_t>(sizeof lower, static_cast<std::size_t>(end - p));
  for (; n < most && static_cast<unsigned char>(p[n]) < 0x80; ++n) {
    const unsigned c = static_cast<unsigned char>(p[n]);
    lower[n] = static_cast<char>(c - 'A' < 26u ? c + 32 : c);
  }
  out.append(lower, n);
  return p + n;
}

constexpr char32_t kHangulFirst = 0xac00, kHangulCount = 11172;

// Leading consonant, vowel, and trailing consonant where there is one.
void append_hangul(char32_t c, std::string& out) {
  const char32_t s = c - kHangulFirst;
  append_point(out, 0x1100 + s / (21 * 28));
  append_point(out, 0x1161 + s % (21 * 28) / 28);
  if (s % 28 != 0) append_point(out, 0x11a7 + s % 28);
}

}  // namespace

void append_lower(std::string_view in, std::string& out) {
  const CharTables& tables = CharTables::get();
  out.reserve(out.size() + in.size() + 16);
  const char* p = in.data();
  const char* const end = p + in.size();
  while (p < end) {
    if (static_cast<unsigned char>(*p) < 0x80) {
      p = append_ascii_lower(p, end, out);
      continue;
    }
    const char* const begin = p;
    const char32_t c = next_point(p);
    if (c == kCapitalSigma) {
      append_point(out, is_final_sigma(tables, in, begin, p) ? kFinalSigma : kSmallSigma);
    } else if (c == kCapitalDottedI) {
      out += "i\xcc\x87";
    } else {
      const char32_t low = tables.lower(c);
      if (low == c) {
        out.append(begin, p);
      } else {
        append_point(out, low);
      }
    }
  }
}

void append_without_accents(std::string_view in, Accents accents, std::string& out) {
  const DecompositionTable& table = DecompositionTable::get();
  const bool all = accents != Accents::ascii;
  const char* p = in.data();
  const char* const end = p + in.size();
  while (p < end) {
    const char* const begin = p;
    const char32_t c = next_point(p);
    if (c < 0x80) {
      out += *begin;
    } else if (c - kHangulFirst < kHangulCount) {
      if (all) append_hangul(c, out);
    } else if (table.changes(c)) {
      for (const char32_t part : table.target(c)) {
        if (all || part < 0x80) append_point(out, part);
      }
    } else if (all) {
      out.append(begin, p);
    }
  }
}

}  // namespace skops_sklearn::text
