// What Python knows of single code points: `re`'s \w, \s and \d, the classes behind str.lower()'s
// rule for the final sigma, lower case, and NFKD without combining marks.
//
// The tables are made by generate_unicode.py from the Unicode data of a Python (the version is in
// the first line of unicode_runs.inc; code points assigned later count as unassigned). They are
// kept as run lists and unfolded into two-stage tables when the first text beyond ASCII is seen;
// after that they are immutable and may be read from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace skops_sklearn::text {

// Bits of CharTables::flags.
inline constexpr std::uint8_t kWord = 1;        // str.isalnum() or '_'
inline constexpr std::uint8_t kSpace = 2;       // str.isspace()
inline constexpr std::uint8_t kDigit = 4;       // str.isdecimal()
inline constexpr std::uint8_t kCased = 8;       // cased, not case-ignorable
inline constexpr std::uint8_t kIgnorable = 16;  // case-ignorable

inline constexpr char32_t kCapitalSigma = 0x3a3, kSmallSigma = 0x3c3, kFinalSigma = 0x3c2;
inline constexpr char32_t kCapitalDottedI = 0x130;  // its lower case is "i" and U+0307

class CharTables {
 public:
  // The tables of this process.
  static const CharTables& get();

  std::uint8_t flags(char32_t c) const { return flags_[block(flag_blocks_, c) + (c & 0xff)]; }
  // The lower case of one code point, where that is one code point and no context matters.
  char32_t lower(char32_t c) const {
    return c + static_cast<char32_t>(lower_[block(lower_blocks_, c) + (c & 0xff)]);
  }

 private:
  CharTables();
  static std::uint32_t block(const std::vector<std::uint16_t>& blocks, char32_t c) {
    return std::uint32_t{blocks[c >> 8]} << 8;
  }

  std::vector<std::uint16_t> flag_blocks_, lower_blocks_;
  std::vector<std::uint8_t> flags_;
  std::vector<std::int32_t> lower_;
};

class DecompositionTable {
 public:
  static const DecompositionTable& get();

  // Whether NFKD without combining marks changes `c`, which is no Hangul syllable.
  bool changes(char32_t c) const { return entry(c) != 0; }
  std::span<const char32_t> target(char32_t c) const {
    const std::uint32_t e = entry(c);
    return {targets_.data() + (e >> 6), (e & 63) - 1};
  }

 private:
  DecompositionTable();
  std::uint32_t entry(char32_t c) const {
    return entries_[(std::uint32_t{blocks_[c >> 8]} << 8) + (c & 0xff)];
  }

  std::vector<std::uint16_t> blocks_;
  std::vector<std::uint32_t> entries_;  // offset << 6 | length + 1, or 0
  std::vector<char32_t> targets_;
};

}  // namespace skops_sklearn::text
