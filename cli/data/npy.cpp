#include "data/npy.hpp"

#include <algorithm>
#include <cstring>

#include "data/npy_header.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

[[noreturn]] void bad(const std::string& text, const char* remedy = "write it with numpy.save") {
  throw skops::Error(skops::Family::input, "data.npy", text, {}, remedy);
}

void check_dtype(const NpyHeader& header) {
  const auto [kind, size] = header.dtype;
  const std::string named = "the array has dtype '" + header.descr + "'";
  if (header.record) bad("the array holds records", "save one array of numbers or texts");
  if (kind == 'O') {
    bad("the array holds objects, that is, a pickle, which is not read",
        "save numbers with a numeric dtype, texts with dtype 'U', mixed columns as .csv");
  }
  if (kind == 'S') bad(named + ", bytes", "save texts with dtype 'U'");
  if (size == 0) bad(named + ", items of no bytes");
  const bool number = kind == 'i' || kind == 'u' || kind == 'f' || kind == 'b';
  if ((!number && kind != 'U') || (number && size > 8) || (kind == 'f' && size == 1)) {
    bad(named + ", which is neither numbers of at most 8 bytes nor texts",
        "convert it with numpy's astype before saving");
  }
}

std::size_t count_items(const NpyHeader& header) {
  std::size_t n = 1;
  for (const std::int64_t extent : header.shape) {
    if (__builtin_mul_overflow(n, static_cast<std::size_t>(extent), &n)) {
      bad("the shape of the array is larger than memory can be");
    }
  }
  return n;
}

void check_texts(const char* items, std::size_t points) {
  for (std::size_t k = 0; k < points; ++k) {
    std::uint32_t point;
    std::memcpy(&point, items + 4 * k, 4);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      bad("a text of the array holds no valid Unicode");
    }
  }
}

}  // namespace

NpyArray read_npy(std::string_view bytes) {
  if (bytes.starts_with("PK\x03\x04")) {
    bad("this is a ZIP archive (.npz), not an array in NPY format",
        "name it .npz or use --from npz");
  }
  if (bytes.size() >= 2 && bytes[0] == '\x80' && static_cast<unsigned char>(bytes[1]) <= 5) {
    bad("this is a pickle, not an array in NPY format");
  }
  const NpyHeader header = read_npy_header(bytes);
  check_dtype(header);
  NpyArray out;
  out.dtype = header.dtype;
  out.shape = header.shape;
  out.fortran_order = header.fortran_order;
  out.count = count_items(header);
  std::size_t size = 0;
  const bool too_large = __builtin_mul_overflow(out.count, header.dtype.itemsize, &size);
  const std::size_t there = bytes.size() - header.data_offset;
  if (too_large || there != size) {
    const std::string needs = too_large ? "more than memory has" : std::to_string(size);
    bad("the array needs " + needs + " bytes, and " + std::to_string(there) + " are there",
        "the file is cut off or damaged: copy or write it again");
  }
  out.data = bytes.data() + header.data_offset;
  if (header.swapped) {
    out.swapped.assign(out.data, out.data + size);
    const std::size_t unit = header.dtype.kind == 'U' ? 4 : header.dtype.itemsize;
    for (auto at = out.swapped.begin(); at != out.swapped.end(); at += static_cast<long>(unit)) {
      std::reverse(at, at + static_cast<long>(unit));
    }
    out.data = out.swapped.data();
  }
  if (out.dtype.kind == 'U') check_texts(out.data, size / 4);
  if (out.dtype.kind == 'b' &&
      std::any_of(out.data, out.data + size, [](char c) { return c != 0 && c != 1; })) {
    bad("a bool of the array is neither 0 nor 1");
  }
  return out;
}

skops::ArrayView NpyArray::view() const {
  if (shape.empty() || shape.size() > 2) {
    bad("the array has " + std::to_string(shape.size()) + " dimensions",
        "save it with two: a row a sample, a column a feature");
  }
  // Any number of rows would fit into no bytes.
  if (shape.size() == 2 && shape[1] == 0) bad("the array has no columns", "a feature is a column");
  skops::ArrayView out;
  out.data = data;
  out.dtype = dtype;
  out.ndim = static_cast<std::uint32_t>(shape.size());
  std::int64_t step = dtype.itemsize;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    const std::size_t axis = fortran_order ? k : shape.size() - 1 - k;
    out.shape[axis] = shape[axis];
    out.strides[axis] = step;
    step *= shape[axis];
  }
  return out;
}

}  // namespace skops_cli
