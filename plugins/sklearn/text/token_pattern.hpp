// Regular expressions as Python's `re` reads them, found in time linear in the text.
//
// Grammar: characters; `.`; classes `[...]` with ranges, negation and escapes; \w \W \d \D \s \S
// (Unicode), \b \B \A \Z ^ $, the escapes \t \n \r \f \v \a \\ \xHH \uHHHH and escaped punctuation;
// `|`; groups `(...)`, `(?:...)`, `(?P<name>...)`; `?`, `*`, `+`, `{n}`, `{n,}`, `{n,m}` and their
// lazy forms; the flag `(?u)` at the start. Refused with PatternError: look-around, back
// references, other flags, atomic and possessive forms, repetition of what can be empty, more than
// one group, more than 1,000 characters or what expands beyond 4,000 instructions.
//
// Matches are Python's (leftmost, alternatives and repetitions in order of preference), computed by
// stepping all alternatives together (R. Cox, "Regular Expression Matching: the Virtual Machine
// Approach", 2009) instead of by backtracking. Patterns that are one class repeated, such as the
// default `(?u)\b\w\w+\b`, are plain scans.
//
// A pattern is immutable after its construction; any thread may use it with a scratch of its own.
#pragma once

#include <bitset>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/vocabulary.hpp"

namespace skops_sklearn::text {

class PatternError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct CharClass {
  std::vector<std::pair<char32_t, char32_t>> ranges;  // first and last
  std::uint8_t flags = 0;                             // of unicode.hpp, any of them
  std::uint8_t not_flags = 0;                         // the code points that lack one of them
  bool negated = false;
  std::bitset<128> ascii;  // the answer for ASCII

  bool operator==(const CharClass& other) const {
    return ranges == other.ranges && flags == other.flags && not_flags == other.not_flags &&
           negated == other.negated;
  }
  bool contains(char32_t c) const { return c < 128 ? ascii[c] : contains_slowly(c); }
  bool contains_slowly(char32_t c) const;
  void seal();  // fills `ascii`
};

struct PatternScratch;

class TokenPattern {
 public:
  explicit TokenPattern(std::string_view pattern);

  // What `re.findall` gives: the matches in order, of the group where the pattern has one. `text`
  // is valid UTF-8 of less than 2^32 bytes.
  void find_all(std::string_view text, std::vector<Term>& out, PatternScratch& scratch) const;

  // Whether the pattern is a run of \w of at least `min_run` characters.
  bool is_word_run() const { return word_run_; }
  std::size_t min_run() const { return min_run_; }

  enum class Op : std::uint8_t {
    one_of,  // a code point of class x
    split,   // x is preferred to y
    jump,
    save,  // slot x
    word_boundary,
    no_word_boundary,
    text_begin,
    text_end,
    text_end_or_newline,
    match,
  };
  struct Instruction {
    Op op;
    std::uint32_t x = 0, y = 0;
  };

 private:
  void find_runs(std::string_view text, std::vector<Term>& out) const;

  std::vector<Instruction> program_;
  std::vector<CharClass> classes_;
  bool has_group_ = false;
  bool run_ = false, word_run_ = false;  // a run of classes_[0], of \w
  std::size_t min_run_ = 1;
};

// Memory for one search at a time.
struct PatternScratch {
  struct Thread {
    std::uint32_t pc;
    std::uint32_t slots[4];  // begin and end of the match and of the group
  };
  std::vector<Thread> current, next, stack;
  std::vector<std::uint64_t> seen;  // the last step at which an instruction was reached
  std::uint64_t step = 0;
};

}  // namespace skops_sklearn::text
