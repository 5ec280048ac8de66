#include "schema/surrogates.hpp"

#include <charconv>

namespace skops {
namespace {

// The code unit of an escape \uXXXX that begins at `at`; -1 where there is none.
int escaped_unit(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
  unsigned unit = 0;
  const char* last = text.data() + at + 6;
  const auto [end, status] = std::from_chars(last - 4, last, unit, 16);
  return status == std::errc{} && end == last ? static_cast<int>(unit) : -1;
}

}  // namespace

std::string with_lone_surrogates(std::string_view json) {
  std::string out;
  if (json.find("\\ud") == json.npos && json.find("\\uD") == json.npos) return out;
  std::size_t done = 0;
  for (std::size_t at = json.find('\\'); at < json.size(); at = json.find('\\', at)) {
    const int unit = escaped_unit(json, at);
    if (unit < 0xd800 || unit > 0xdfff) {
      at += 2;  // the whole of an escaped backslash, too
      continue;
    }
    const int next = unit < 0xdc00 ? escaped_unit(json, at + 6) : -1;
    if (next >= 0xdc00 && next <= 0xdfff) {
      at += 12;
      continue;
    }
    out.append(json.substr(done, at - done));
    for (const int byte : {0xe0 | unit >> 12, 0x80 | (unit >> 6 & 0x3f), 0x80 | (unit & 0x3f)}) {
      out += static_cast<char>(byte);
    }
    done = at += 6;
  }
  if (done > 0) out.append(json.substr(done));
  return out;
}

}  // namespace skops
