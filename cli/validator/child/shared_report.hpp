// The memory through which a child tells its parent what it found. Whatever runs in the child may
// have written anything here: the parent checks all of it.
#pragma once

#include <cstdint>
#include <vector>

#include "validator/child/child.hpp"

namespace skops_validator {

struct SharedReport {
  std::uint64_t finished;  // `finish_mark` once the body has returned
  std::uint64_t used;      // of text
  char step[400];
  char text[48 << 10];  // findings: a letter, the text, NUL
};

inline constexpr std::uint64_t finish_mark = 0x5f706f6b73646e65;

std::vector<Finding> findings_of(const SharedReport& shared);

}  // namespace skops_validator
