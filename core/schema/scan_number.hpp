// A number of JSON, found and read in one pass where it is a common one.
#pragma once

#include <charconv>
#include <cstdint>

namespace skops {

struct ScannedNumber {
  const char* end = nullptr;  // behind it; null: none begins here, or one that needs a closer look
  bool whole = true;          // no fraction and no exponent: `integer` is its value, else `real`
  std::int64_t integer = 0;
  double real = 0;
};

// At most 18 digits of an integer, and 64 characters of any other number, are common.
inline ScannedNumber scan_number(const char* at, const char* end) {
  constexpr std::ptrdiff_t most_digits = 18, most_characters = 64;
  const auto is_digit = [&] { return at != end && *at >= '0' && *at <= '9'; };
  ScannedNumber out;
  const char* const begin = at;
  if (at != end && *at == '-') ++at;
  const char* const digits = at;
  std::uint64_t value = 0;  // of more digits than it holds, it is not used
  for (; is_digit(); ++at) value = value * 10 + static_cast<std::uint64_t>(*at - '0');
  if (at == digits || (*digits == '0' && at - digits > 1)) return out;
  if (at == end || (*at != '.' && *at != 'e' && *at != 'E')) {
    if (at - digits > most_digits) return out;
    out.integer = static_cast<std::int64_t>(value);
    if (digits != begin) out.integer = -out.integer;
    out.end = at;
    return out;
  }
  out.whole = false;
  const auto some_digits = [&] {
    const char* const first = at;
    while (is_digit()) ++at;
    return at != first;
  };
  if (*at == '.') {
    ++at;
    if (!some_digits()) return out;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    if (!some_digits()) return out;
  }
  if (at - begin > most_characters) return out;
  const auto [last, status] = std::from_chars(begin, at, out.real);
  if (status == std::errc{} && last == at) out.end = at;
  return out;
}

}  // namespace skops
