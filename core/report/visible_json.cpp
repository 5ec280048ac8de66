#include <cstdint>
#include <cstdio>

#include "skops/report.hpp"

namespace skops {
namespace {

void add_escape(std::string& out, std::uint32_t unit) {
  char escape[8];
  std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(unit & 0xffffu));
  out += escape;
}

// Of one character beyond ASCII, or of the byte 0x7f.
void add_escaped(std::string& out, std::string_view character) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(character[k]); };
  if (character.size() == 1) return add_escape(out, byte(0) < 0x80 ? byte(0) : 0xfffd);
  std::uint32_t point = byte(0) & (0x7fu >> character.size());
  for (std::size_t k = 1; k < character.size(); ++k) point = point << 6 | (byte(k) & 0x3fu);
  if (point < 0x10000) return add_escape(out, point);
  add_escape(out, 0xd800 + ((point - 0x10000) >> 10));
  add_escape(out, 0xdc00 + ((point - 0x10000) & 0x3ff));
}

bool is_plain(char c) {
  return static_cast<unsigned char>(c) < 0x7f;
}

// The bytes of the character at `i`; 1 where a byte that belongs to it is missing.
std::size_t length(std::string_view text, std::size_t i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  const std::size_t n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  for (std::size_t k = 1; k < n; ++k) {
    if (i + k >= text.size() || (static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return 1;
  }
  return n;
}

}  // namespace

std::string visible_json(std::string json) {
  std::size_t i = 0;
  while (i < json.size() && is_plain(json[i])) ++i;
  if (i == json.size()) return json;
  std::string out(json, 0, i);
  while (i < json.size()) {
    if (is_plain(json[i])) {  // beyond texts, and what JSON itself asks to be escaped, is ASCII
      out += json[i++];
      continue;
    }
    const std::string_view character = std::string_view(json).substr(i, length(json, i));
    if (printable(character) == character) {
      out += character;
    } else {
      add_escaped(out, character);
    }
    i += character.size();
  }
  return out;
}

}  // namespace skops
