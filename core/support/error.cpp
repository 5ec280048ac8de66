#include "skops/error.hpp"

#include <cstdint>
#include <cstdio>

namespace skops {
namespace {

// The code point that starts at text[i], or -1 when the bytes there are not valid UTF-8; `used` is
// the number of its bytes.
std::int32_t decode(std::string_view text, std::size_t i, std::size_t& used) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned lead = byte(i);
  used = 1;
  if (lead < 0x80) return static_cast<std::int32_t>(lead);
  const std::size_t n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (n == 0 || lead > 0xf4 || i + n > text.size()) return -1;
  std::int32_t point = static_cast<std::int32_t>(lead & (0x7fu >> n));
  for (std::size_t k = 1; k < n; ++k) {
    if ((byte(i + k) & 0xc0u) != 0x80) return -1;
    point = (point << 6) | static_cast<std::int32_t>(byte(i + k) & 0x3fu);
  }
  constexpr std::int32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (point < smallest[n] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return -1;
  used = n;
  return point;
}

// Characters that move the cursor, reorder or hide text, or show nothing although they are letters
// for Python (the fillers of Hangul).
bool hides(std::int32_t p) {
  return p < 0x20 || (p >= 0x7f && p < 0xa0) || p == 0xad || p == 0x34f || p == 0x61c ||
         p == 0x115f || p == 0x1160 || p == 0x17b4 || p == 0x17b5 || p == 0x180e ||
         (p >= 0x200b && p <= 0x200f) || (p >= 0x2028 && p <= 0x202e) ||
         (p >= 0x2060 && p <= 0x206f) || p == 0x3164 || p == 0xfeff || p == 0xffa0 ||
         (p >= 0xfff0 && p <= 0xffff) || (p >= 0xe0000 && p <= 0xe0fff);
}

}  // namespace

std::string printable(std::string_view text, std::size_t most) {
  std::string out;
  char escape[16];
  for (std::size_t i = 0; i < text.size();) {
    if (out.size() >= most) return out + "...";
    std::size_t used = 1;
    const std::int32_t point = decode(text, i, used);
    if (point < 0 || (hides(point) && point < 0x100)) {
      std::snprintf(escape, sizeof escape, "\\x%02x",
                    point < 0 ? static_cast<unsigned>(static_cast<unsigned char>(text[i]))
                              : static_cast<unsigned>(point));
      out += escape;
    } else if (hides(point)) {
      std::snprintf(escape, sizeof escape, point > 0xffff ? "\\U%08x" : "\\u%04x",
                    static_cast<unsigned>(point));
      out += escape;
    } else {
      out.append(text, i, used);
    }
    i += used;
  }
  return out;
}

Error::Error(Family family, std::string code, std::string text, Where where, std::string remedy)
    : family_(family),
      code_(std::move(code)),
      text_(std::move(text)),
      remedy_(std::move(remedy)),
      where_(std::move(where)) {
  compose();
}

Error Error::with(const Where& where) const {
  Error copy = *this;
  if (copy.where_.member.empty()) copy.where_.member = where.member;
  if (copy.where_.path.empty()) copy.where_.path = where.path;
  if (copy.where_.plugin.empty()) copy.where_.plugin = where.plugin;
  copy.compose();
  return copy;
}

void Error::compose() {
  message_ = printable(text_, 2000);
  std::string place;
  const auto add = [&](const char* title, const std::string& value) {
    if (value.empty()) return;
    place += place.empty() ? " (" : ", ";
    place += title + printable(value, 300);
  };
  add("member ", where_.member);
  add("at ", where_.path);
  add("plugin ", where_.plugin);
  if (!place.empty()) message_ += place + ")";
  if (!remedy_.empty()) message_ += "; " + printable(remedy_, 1000);
  if (!code_.empty()) message_ += " [" + code_ + "]";  // those made in Python may have none
}

}  // namespace skops
