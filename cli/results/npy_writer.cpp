#include "results/npy_writer.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "skops/error.hpp"
#include "utf8.hpp"

namespace skops_cli {
namespace {

using skops::Array;
using skops::Cell;
using Kind = Cell::Kind;

[[noreturn]] void mixed() {
  throw skops::Error(
      skops::Family::unsupported, "output.object",
      "the result mixes texts, numbers or missing values, for which .npy has no dtype", {},
      "write it as .csv");
}

template <class T, class F>
Array convert(const Array& array, std::span<const Cell> cells, skops::Dtype dtype, F&& get) {
  auto items = std::make_shared<std::vector<T>>();
  items->reserve(cells.size());
  for (const Cell& cell : cells) items->push_back(get(cell));
  return {dtype,
          {array.shape().begin(), array.shape().end()},
          std::shared_ptr<const void>(items, items->data())};
}

// f(code point) for each character; bytes that are not UTF-8 become U+FFFD.
template <class F>
void each_point(std::string_view text, F&& f) {
  while (!text.empty()) {
    const std::size_t n = utf8_length(text);
    const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
    std::uint32_t point = n == 0 ? 0xfffdu : n == 1 ? byte(0) : byte(0) & (0x7fu >> n);
    for (std::size_t k = 1; k < n; ++k) point = point << 6 | (byte(k) & 0x3fu);
    f(point);
    text.remove_prefix(n == 0 ? 1 : n);
  }
}

Array texts(const Array& array, std::span<const Cell> cells) {
  std::size_t width = 1;
  for (const Cell& cell : cells) {
    std::size_t n = 0;
    each_point(cell.text(), [&](std::uint32_t) { ++n; });
    width = std::max(width, n);
  }
  std::size_t size = 0;
  if (width > (1u << 26) || __builtin_mul_overflow(cells.size(), 4 * width, &size) ||
      size > (std::size_t{1} << 36)) {
    throw skops::Error(skops::Family::limit, "limit.memory",
                       "one long text would make the array too large", {}, "write it as .csv");
  }
  auto points = std::make_shared<std::vector<std::uint32_t>>(cells.size() * width);
  std::uint32_t* to = points->data();
  for (const Cell& cell : cells) {
    std::size_t k = 0;
    each_point(cell.text(), [&](std::uint32_t point) { to[k++] = point; });
    to += width;
  }
  return {{'U', static_cast<std::uint32_t>(4 * width)},
          {array.shape().begin(), array.shape().end()},
          std::shared_ptr<const void>(points, points->data())};
}

}  // namespace

Array without_cells(const Array& array) {
  if (array.dtype().kind != 'O') return array;
  const std::span<const Cell> cells(static_cast<const Cell*>(array.data()), array.size());
  const auto all = [&](auto... kinds) {
    return std::all_of(cells.begin(), cells.end(),
                       [&](const Cell& cell) { return ((cell.kind == kinds) || ...); });
  };
  if (all(Kind::string)) return texts(array, cells);
  if (all(Kind::boolean)) {
    return convert<char>(array, cells, skops::dtype_of<bool>,
                         [](const Cell& c) { return static_cast<char>(c.as.integer != 0); });
  }
  if (all(Kind::integer)) {
    return convert<std::int64_t>(array, cells, skops::dtype_of<std::int64_t>,
                                 [](const Cell& c) { return c.as.integer; });
  }
  if (all(Kind::integer, Kind::real)) {
    return convert<double>(array, cells, skops::dtype_of<double>, [](const Cell& c) {
      return c.kind == Kind::real ? c.as.real : static_cast<double>(c.as.integer);
    });
  }
  mixed();
}

std::string npy_descr(skops::Dtype dtype) {
  std::string out(dtype.itemsize == 1 && dtype.kind != 'U' ? "|" : "<");
  return out + dtype.kind + std::to_string(dtype.kind == 'U' ? dtype.itemsize / 4 : dtype.itemsize);
}

std::string npy_header(std::string_view descr, std::span<const std::int64_t> shape) {
  std::string text = "{'descr': '" + std::string(descr) + "', 'fortran_order': False, 'shape': (";
  for (std::size_t k = 0; k < shape.size(); ++k) text += (k ? ", " : "") + std::to_string(shape[k]);
  text += shape.size() == 1 ? ",), }" : "), }";
  constexpr std::size_t before = 10, unit = 64;
  const std::size_t padded = (before + text.size() + 1 + unit - 1) / unit * unit - before;
  text.append(padded - text.size() - 1, ' ');
  text += '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(padded & 0xff);
  out += static_cast<char>(padded >> 8);
  return out + text;
}

std::string_view bytes_of(const Array& array) {
  return {static_cast<const char*>(array.data()), array.size() * array.dtype().itemsize};
}

}  // namespace skops_cli
