#include "writer/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace skops {
namespace {

// Characters that stand in a JSON string as they are. (0x7f may; some readers of text do not show it.)
constexpr std::array<bool, 256> plain_characters = [] {
  std::array<bool, 256> out{};
  for (std::size_t c = 0x20; c < 256; ++c) out[c] = c != '"' && c != '\\' && c != 0x7f;
  return out;
}();

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  append_json_in_json(out, text);
  out += '"';
}

void append_string_in_json(std::string& out, std::string_view text) {
  if (std::all_of(text.begin(), text.end(),
                  [](char c) { return plain_characters[static_cast<unsigned char>(c)]; })) {
    const std::size_t at = out.size();
    out.resize(at + text.size() + 4, '\\');
    text.copy(out.data() + at + 2, text.size());
    out[at + 1] = out[at + text.size() + 3] = '"';
    return;
  }
  std::string json;
  append_json_string(json, text);
  append_json_in_json(out, json);
}

void append_json_in_json(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::size_t done = 0;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const auto c = static_cast<unsigned char>(text[k]);
    if (plain_characters[c]) continue;
    out.append(text.substr(done, k - done));
    done = k + 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else {
      out += "\\u00";
      out += digits[c >> 4];
      out += digits[c & 15];
    }
  }
  out.append(text.substr(done));
}

void append_json_real(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value < 0 ? "-Infinity" : "Infinity";
    return;
  }
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  const std::string_view digits(text, static_cast<std::size_t>(end - text));
  out += digits;
  if (digits.find_first_of(".e") == digits.npos) out += ".0";
}

}  // namespace skops
