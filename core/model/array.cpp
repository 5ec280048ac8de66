#include "skops/array.hpp"

#include <cstring>

#include "skops/error.hpp"

namespace skops {
namespace {

void append_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((point >> shift) & 0x3f)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0 | point >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

template <class T>
double read_as(const void* data, std::size_t k) {
  T value;
  std::memcpy(&value, static_cast<const char*>(data) + k * sizeof(T), sizeof value);
  return static_cast<double>(value);
}

}  // namespace

std::string Dtype::name() const {
  const std::string bits = std::to_string(itemsize * 8);
  switch (kind) {
    case 'f': return "float" + bits;
    case 'i': return "int" + bits;
    case 'u': return "uint" + bits;
    case 'b': return "bool";
    case 'O': return "object";
    case 'U': return "<U" + std::to_string(itemsize / 4);
    default: return std::string(1, kind) + std::to_string(itemsize);
  }
}

Cell Cell::of(std::string_view text) {
  Cell out;
  out.kind = Kind::string;
  out.as.string = {text.data(), text.size()};
  return out;
}
Cell Cell::of(double real) {
  Cell out;
  out.kind = Kind::real;
  out.as.real = real;
  return out;
}
Cell Cell::of(std::int64_t integer) {
  Cell out;
  out.kind = Kind::integer;
  out.as.integer = integer;
  return out;
}
Cell Cell::of(bool truth) {
  Cell out;
  out.kind = Kind::boolean;
  out.as.integer = truth;
  return out;
}

Input::Input(const ArrayView& x)
    : array(x), rows(x.ndim == 0 ? 1 : static_cast<std::size_t>(x.shape[0])) {}
Input::Input(const CsrView& x) : kind(Kind::csr), csr(x), rows(x.rows) {}
Input::Input(std::span<const std::string_view> x) : kind(Kind::text), text(x), rows(x.size()) {}
Input::Input(std::span<const ColumnView> x, std::size_t n_rows)
    : kind(Kind::table), table(x), rows(n_rows) {}

std::size_t Array::size() const {
  std::size_t n = 1;
  for (const std::int64_t extent : shape_) n *= static_cast<std::size_t>(extent);
  return n;
}

void Array::check_dtype(Dtype wanted) const {
  if (dtype_ == wanted) return;
  throw Error(Family::usage, "array.dtype",
              "the array has dtype " + dtype_.name() + ", not " + wanted.name(), {},
              "ask dtype() first");
}

double Array::number(std::size_t k) const {
  const void* p = data_.get();
  switch (dtype_.kind << 8 | static_cast<int>(dtype_.itemsize & 0xff)) {
    case 'f' << 8 | 8: return read_as<double>(p, k);
    case 'f' << 8 | 4: return read_as<float>(p, k);
    case 'i' << 8 | 8: return read_as<std::int64_t>(p, k);
    case 'i' << 8 | 4: return read_as<std::int32_t>(p, k);
    case 'i' << 8 | 2: return read_as<std::int16_t>(p, k);
    case 'i' << 8 | 1: return read_as<std::int8_t>(p, k);
    case 'u' << 8 | 8: return read_as<std::uint64_t>(p, k);
    case 'u' << 8 | 4: return read_as<std::uint32_t>(p, k);
    case 'u' << 8 | 2: return read_as<std::uint16_t>(p, k);
    case 'u' << 8 | 1:
    case 'b' << 8 | 1: return read_as<std::uint8_t>(p, k);
    default: break;
  }
  if (dtype_.kind == 'O') {
    const Cell& cell = static_cast<const Cell*>(p)[k];
    if (cell.kind == Cell::Kind::integer || cell.kind == Cell::Kind::boolean) {
      return static_cast<double>(cell.as.integer);
    }
    if (cell.kind == Cell::Kind::real) return cell.as.real;
  }
  throw Error(Family::usage, "array.dtype",
              "an array of dtype " + dtype_.name() + " is not numbers");
}

std::string Array::text(std::size_t k) const {
  if (dtype_.kind == 'U') {
    std::string out;
    const char* item = static_cast<const char*>(data_.get()) + k * dtype_.itemsize;
    std::size_t n = dtype_.itemsize / 4;
    const auto point = [&](std::size_t j) {
      std::uint32_t value;
      std::memcpy(&value, item + 4 * j, 4);
      return value;
    };
    while (n > 0 && point(n - 1) == 0) --n;
    for (std::size_t j = 0; j < n; ++j) append_utf8(out, point(j));
    return out;
  }
  if (dtype_.kind == 'O') {
    const Cell& cell = static_cast<const Cell*>(data_.get())[k];
    if (cell.kind == Cell::Kind::string) return std::string(cell.text());
  }
  throw Error(Family::usage, "array.dtype", "an array of dtype " + dtype_.name() + " is not text");
}

}  // namespace skops
