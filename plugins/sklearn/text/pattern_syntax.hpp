// The syntax tree of a token pattern (token_pattern.hpp has the grammar).
//
// Nodes refer to each other by index; children come before their parents. Groups nest at most 32
// deep, so that the parser and whoever walks the tree may recurse.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/token_pattern.hpp"

namespace skops_sklearn::text {

inline constexpr std::uint32_t kForever = 0xffffffffu;

struct PatternNode {
  enum class Kind : std::uint8_t { empty, one_of, assertion, sequence, choice, repeat, group };
  Kind kind = Kind::empty;
  std::uint32_t class_index = 0;                                 // one_of
  TokenPattern::Op assertion = TokenPattern::Op::word_boundary;  // assertion
  std::uint32_t least = 1, most = 1;                             // repeat; most may be kForever
  bool lazy = false;                                             // repeat
  bool can_be_empty = true;
  std::vector<std::uint32_t> children;
};

struct PatternTree {
  std::vector<PatternNode> nodes;
  std::vector<CharClass> classes;  // each once
  std::uint32_t root = 0;
  std::uint32_t n_groups = 0;
};

// Throws PatternError.
PatternTree parse_pattern(std::string_view pattern);

}  // namespace skops_sklearn::text
