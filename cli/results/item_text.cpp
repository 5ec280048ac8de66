#include "results/item_text.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

#include "json_text.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

template <class T>
T load(const skops::Array& array, std::size_t k) {
  T value;
  std::memcpy(&value, static_cast<const char*>(array.data()) + k * sizeof value, sizeof value);
  return value;
}

template <class T>
void append_integer(std::string& out, T value) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

template <class T>
void append_real(std::string& out, T value, TextStyle style) {
  if (std::isnan(value)) {
    out += style == TextStyle::csv ? "nan" : "null";
    return;
  }
  if (std::isinf(value)) {
    if (value < 0) out += '-';
    out += style == TextStyle::csv ? "inf" : "1e999";
    return;
  }
  char buffer[40];
  const char* end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  out += text;
  // A float stays one for whoever reads it.
  if (text.find_first_of(".e") == text.npos) out += ".0";
}

void append_bool(std::string& out, bool truth, TextStyle style) {
  if (style == TextStyle::csv) {
    out += truth ? "True" : "False";
  } else {
    out += truth ? "true" : "false";
  }
}

bool append_text(std::string& out, std::string_view text, TextStyle style) {
  if (style == TextStyle::csv) {
    out += text;
  } else {
    out += json_string(text);
  }
  return true;
}

bool append_cell(std::string& out, const skops::Cell& cell, TextStyle style) {
  using Kind = skops::Cell::Kind;
  switch (cell.kind) {
    case Kind::boolean: append_bool(out, cell.as.integer != 0, style); return false;
    case Kind::integer: append_integer(out, cell.as.integer); return false;
    case Kind::real: append_real(out, cell.as.real, style); return false;
    case Kind::string: return append_text(out, cell.text(), style);
    case Kind::none:
    case Kind::missing:
      if (style == TextStyle::json) out += "null";
      return false;
    case Kind::other: break;
  }
  throw skops::Error(skops::Family::unsupported, "output.object",
                     "the result holds an object that is neither a number nor a text");
}

// IEEE 754 half precision; exact in float.
float half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, mantissa = bits & 1023;
  float value = exponent == 0    ? std::ldexp(static_cast<float>(mantissa), -24)
                : exponent == 31 ? (mantissa ? NAN : INFINITY)
                                 : std::ldexp(static_cast<float>(mantissa + 1024), exponent - 25);
  return bits & 0x8000 ? -value : value;
}

}  // namespace

bool append_item(std::string& out, const skops::Array& array, std::size_t k, TextStyle style) {
  const skops::Dtype dtype = array.dtype();
  switch (dtype.kind << 8 | static_cast<int>(dtype.itemsize & 0xff)) {
    case 'f' << 8 | 8: return append_real(out, load<double>(array, k), style), false;
    case 'f' << 8 | 4: return append_real(out, load<float>(array, k), style), false;
    case 'f' << 8 | 2: return append_real(out, half(load<std::uint16_t>(array, k)), style), false;
    case 'i' << 8 | 8: return append_integer(out, load<std::int64_t>(array, k)), false;
    case 'i' << 8 | 4: return append_integer(out, load<std::int32_t>(array, k)), false;
    case 'i' << 8 | 2: return append_integer(out, load<std::int16_t>(array, k)), false;
    case 'i' << 8 | 1:
      return append_integer(out, static_cast<int>(load<std::int8_t>(array, k))), false;
    case 'u' << 8 | 8: return append_integer(out, load<std::uint64_t>(array, k)), false;
    case 'u' << 8 | 4: return append_integer(out, load<std::uint32_t>(array, k)), false;
    case 'u' << 8 | 2: return append_integer(out, load<std::uint16_t>(array, k)), false;
    case 'u' << 8 | 1:
      return append_integer(out, static_cast<int>(load<std::uint8_t>(array, k))), false;
    case 'b' << 8 | 1: return append_bool(out, load<std::uint8_t>(array, k) != 0, style), false;
    default: break;
  }
  if (dtype.kind == 'U') return append_text(out, array.text(k), style);
  if (dtype.kind == 'O') {
    return append_cell(out, static_cast<const skops::Cell*>(array.data())[k], style);
  }
  throw skops::Error(skops::Family::unsupported, "output.dtype",
                     "a result of dtype '" + dtype.name() + "' has no text", {},
                     "write it as .npy");
}

}  // namespace skops_cli
