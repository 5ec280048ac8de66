#include "report/markup.hpp"

#include <span>

#include "plugin/sha256.hpp"
#include "skops/error.hpp"

namespace skops {

std::string markup_text(std::string_view raw, std::size_t most) {
  std::string out;
  for (const char c : printable(raw, most)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string code(std::string_view raw) {
  std::string out = "<code>";
  const std::string text = markup_text(raw);
  for (const char c : text) {
    if (c == '[') out += "<wbr>";
    out += c;
    if (c == '.') out += "<wbr>";
  }
  return out + "</code>";
}

std::string policy_hash(std::string_view content) {
  static constexpr char digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string hex = sha256_hex(std::as_bytes(std::span(content)));
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : hex) {
    bits = bits << 4 | static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
    held += 4;
    if (held >= 6) {
      held -= 6;
      out += digits[bits >> held & 63];
    }
  }
  if (held > 0) out += digits[bits << (6 - held) & 63];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

}  // namespace skops
