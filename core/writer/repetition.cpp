#include "writer/repetition.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace skops {
namespace {

constexpr std::size_t least = 64 << 10, most = 64 << 20;  // bytes
constexpr std::size_t samples = 64;
constexpr std::ptrdiff_t most_different = 24;

// The bytes behind an NPY header that says one dimension, as NumPy writes it; none for other
// members. The header is a member's `head`, or the beginning of its bytes.
std::span<const std::byte> row(const NamedMember& member) {
  const auto start = member.head.empty() ? member.bytes : member.head;
  const std::string_view text(reinterpret_cast<const char*>(start.data()),
                              std::min<std::size_t>(start.size(), 256));
  if (!text.starts_with(std::string_view("\x93NUMPY\x01\x00", 8)) || text.size() < 10) return {};
  const std::size_t header =
      10 + (std::to_integer<std::size_t>(start[8]) | std::to_integer<std::size_t>(start[9]) << 8);
  constexpr std::string_view shape = "'shape': (";
  const std::size_t at = text.find(shape);
  if (at == text.npos) return {};
  const std::size_t end = text.find_first_not_of("0123456789", at + shape.size());
  if (end == text.npos || end == at + shape.size() || text.substr(end, 2) != ",)") return {};
  if (!member.head.empty()) return header == start.size() ? member.bytes : start.first(0);
  return header <= start.size() ? start.subspan(header) : start.first(0);
}

}  // namespace

bool repeats_itself(const NamedMember& member) {
  const auto numbers = row(member);
  if (numbers.size() < least || numbers.size() > most) return false;
  std::array<std::uint64_t, samples> words;
  const std::size_t step = numbers.size() / 8 / samples;
  for (std::size_t k = 0; k < samples; ++k) {
    std::memcpy(&words[k], numbers.data() + 8 * (k * step + k % step), 8);
  }
  std::sort(words.begin(), words.end());
  return std::unique(words.begin(), words.end()) - words.begin() <= most_different;
}

}  // namespace skops
