#include "utf8.hpp"

#include <cstdint>
#include <cstring>

namespace skops_cli {

std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const auto tails = [&](std::size_t n) {
    if (text.size() < n) return false;
    for (std::size_t k = 1; k < n; ++k) {
      if ((byte(k) & 0xc0u) != 0x80) return false;
    }
    return true;
  };
  if (text.empty()) return 0;
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return tails(2) ? 2 : 0;
  if (lead < 0xf0) {
    if (!tails(3)) return 0;
    const bool overlong = lead == 0xe0 && byte(1) < 0xa0,
               surrogate = lead == 0xed && byte(1) > 0x9f;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead < 0xf5 && tails(4)) {
    const bool overlong = lead == 0xf0 && byte(1) < 0x90, beyond = lead == 0xf4 && byte(1) > 0x8f;
    return overlong || beyond ? 0 : 4;
  }
  return 0;
}

std::size_t find_invalid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    std::uint64_t eight = 0;
    if (text.size() - i >= sizeof eight) {
      std::memcpy(&eight, text.data() + i, sizeof eight);
      if ((eight & 0x8080808080808080u) == 0) {
        i += sizeof eight;
        continue;
      }
    }
    const std::size_t n = utf8_length(text.substr(i, 4));
    if (n == 0) return i;
    i += n;
  }
  return std::string_view::npos;
}

}  // namespace skops_cli
