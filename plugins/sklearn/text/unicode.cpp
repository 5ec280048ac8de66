#include "text/unicode.hpp"

#include <algorithm>

namespace skops_sklearn::text {
namespace {

#include "text/unicode_runs.inc"

constexpr std::int32_t kDecompositions[] = {
#include "text/decompositions_1.inc"
#include "text/decompositions_2.inc"
};

constexpr std::size_t kBlocks = 0x110000 >> 8;

// Element `c` of a two-stage table whose block 0 stays all zero; makes the block where it is
// missing.
template <class T>
T& slot(std::vector<std::uint16_t>& blocks, std::vector<T>& elements, char32_t c) {
  std::uint16_t& block = blocks[c >> 8];
  if (block == 0) {
    block = static_cast<std::uint16_t>(elements.size() >> 8);
    elements.resize(elements.size() + 256);
  }
  return elements[(std::size_t{block} << 8) + (c & 0xff)];
}

}  // namespace

CharTables::CharTables() : flag_blocks_(kBlocks), lower_blocks_(kBlocks), flags_(256), lower_(256) {
  const auto mark = [&](std::span<const std::int32_t> runs, std::uint8_t flag) {
    char32_t c = 0;
    for (std::size_t k = 0; k < runs.size(); k += 2) {
      c += static_cast<char32_t>(runs[k]);
      for (std::int32_t n = runs[k + 1]; n > 0; --n, ++c) slot(flag_blocks_, flags_, c) |= flag;
    }
  };
  flags_.reserve(std::size_t{1} << 17);
  mark(kWordRuns, kWord);
  mark(kSpaceRuns, kSpace);
  mark(kDigitRuns, kDigit);
  mark(kCasedRuns, kCased);
  mark(kIgnorableRuns, kIgnorable);
  const std::span<const std::int32_t> runs(kLowerRuns);
  for (std::size_t k = 0; k < runs.size(); k += 4) {
    for (std::int32_t n = 0; n < runs[k + 1]; ++n) {
      slot(lower_blocks_, lower_, static_cast<char32_t>(runs[k] + n * runs[k + 2])) = runs[k + 3];
    }
  }
}

const CharTables& CharTables::get() {
  static const CharTables tables;
  return tables;
}

DecompositionTable::DecompositionTable() : blocks_(kBlocks), entries_(256) {
  const std::span<const std::int32_t> stream(kDecompositions);
  char32_t c = 0;
  std::int32_t last = 0;
  for (std::size_t k = 0; k < stream.size();) {
    c += static_cast<char32_t>(stream[k++]);
    const auto count = static_cast<std::uint32_t>(stream[k] >> 5) + 1;
    const auto length = static_cast<std::uint32_t>(stream[k++] & 31);
    const std::size_t first = targets_.size();
    for (std::uint32_t j = 0; j < length; ++j, ++k) {
      last += stream[k] & 1 ? -(stream[k] + 1) / 2 : stream[k] / 2;
      targets_.push_back(static_cast<char32_t>(last));
    }
    for (std::uint32_t n = 0; n < count; ++n, ++c) {
      if (n > 0 && length == 1) targets_.push_back(targets_.back() + 1);
      const std::size_t offset = length == 1 ? first + n : first;
      slot(blocks_, entries_, c) = static_cast<std::uint32_t>(offset << 6) | (length + 1);
    }
  }
}

const DecompositionTable& DecompositionTable::get() {
  static const DecompositionTable table;
  return table;
}

}  // namespace skops_sklearn::text
