#include "graph/dotted_name.hpp"

#include "skops/error.hpp"

namespace skops {
namespace {

// Python's longest honest names have some 100 bytes.
constexpr std::size_t longest_name = 1000;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

bool is_identifier(std::string_view text) {
  if (text == "<lambda>") return true;
  if (text.empty() || text.size() > longest_name || (text[0] >= '0' && text[0] <= '9')) {
    return false;
  }
  bool ascii = true;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      ascii = false;
    } else if (!is_letter(c) && !(c >= '0' && c <= '9')) {
      return false;
    }
  }
  return ascii || printable(text, 10 * longest_name) == text;
}

bool is_dotted_name(std::string_view text) {
  if (text.size() > longest_name) return false;
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_identifier(text.substr(0, dot))) return false;
    if (dot == text.npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace skops
