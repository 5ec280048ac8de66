// NumPy's NPY format (1.0, 2.0 and 3.0; numpy.lib.format): an array in the bytes of a member.
//
//   "\x93NUMPY" major minor  header length (2 or 4 bytes)  header  data
//   header: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }  spaces  \n
//
// Only the grammar that NumPy writes is read: these three keys in this order, plain descriptors and
// flat records. Objects ('O') and pickles are refused. The data must be exactly as long as the
// header says; nothing is allocated before that is known.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "skops/sdk/array.hpp"

namespace skops::sdk {

struct NpyField {
  std::string name;
  skops_dtype dtype{};
  std::size_t offset = 0;
};

struct Npy {
  skops_dtype dtype{};  // kind 'V' with `fields` for records
  std::vector<NpyField> fields;
  std::vector<std::int64_t> shape, strides;
  const char* data = nullptr;
  std::size_t size = 0;  // elements
};

class NpyHeader {
 public:
  explicit NpyHeader(std::string_view text) : text_(text) {}

  void read(Npy& out, bool& fortran) {
    expect("{'descr': ");
    descriptor(out);
    expect(", 'fortran_order': ");
    fortran = accept("True");
    if (!fortran) expect("False");
    expect(", 'shape': (");
    // (), (3,), (3, 4): Python takes (3) for a number.
    while (!accept(")")) {
      if (out.shape.size() == 64) fail("has more than 64 dimensions");
      out.shape.push_back(number());
      if (out.shape.size() == 1 && accept(",)")) break;
      if (accept(", ")) {
        if (peek(')')) fail("has a malformed shape");
      } else if (!peek(')') || out.shape.size() == 1) {
        fail("has a malformed shape");
      }
    }
    if (!accept(", }")) expect("}");
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ + 1 != text_.size() || text_[at_] != '\n') fail("has a malformed header");
  }

 private:
  [[noreturn]] static void fail(const char* text) {
    malformed(std::string("the array's NPY header ") + text);
  }
  bool peek(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool accept(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void expect(std::string_view word) {
    if (!accept(word)) fail("is not one that NumPy writes");
  }
  std::int64_t number() {
    std::int64_t value = 0;
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      if (at_ - start >= 18) fail("has an extent that is too large");
      value = value * 10 + (text_[at_++] - '0');
    }
    if (at_ == start || (at_ - start > 1 && text_[start] == '0')) fail("has a malformed shape");
    return value;
  }
  std::string_view quoted() {
    expect("'");
    const std::size_t end = text_.find('\'', at_);
    if (end == std::string_view::npos) fail("has an unterminated text");
    const std::string_view out = text_.substr(at_, end - at_);
    if (out.find('\\') != std::string_view::npos) fail("has an escape in a name");
    at_ = end + 1;
    return out;
  }

  skops_dtype simple() {
    const std::string_view text = quoted();
    if (text.size() < 3) fail("has an unknown dtype");
    const char order = text[0], kind = text[1];
    std::uint64_t number = 0;
    std::size_t k = 2;
    for (; k < text.size() && text[k] >= '0' && text[k] <= '9'; ++k) {
      number = number * 10 + static_cast<std::uint64_t>(text[k] - '0');
      if (number > (1u << 28)) fail("has items that are too large");
    }
    if (k == 2) fail("has an unknown dtype");
    const bool dated = kind == 'M' || kind == 'm';  // a unit in brackets may follow
    if (k != text.size() && !(dated && text[k] == '[' && text.back() == ']')) {
      fail("has an unknown dtype");
    }
    if (order != '<' && order != '>' && order != '|') fail("has an unknown byte order");
    const auto one_of = [&](std::initializer_list<std::uint64_t> sizes) {
      for (const std::uint64_t size : sizes) {
        if (number == size) return true;
      }
      return false;
    };
    bool known = false;
    std::uint64_t itemsize = number;
    switch (kind) {
      case 'b': known = number == 1; break;
      case 'i':
      case 'u': known = one_of({1, 2, 4, 8}); break;
      case 'f': known = one_of({2, 4, 8, 16}); break;
      case 'c': known = one_of({8, 16, 32}); break;
      case 'M':
      case 'm': known = number == 8; break;
      case 'S':
      case 'V': known = true; break;
      case 'U':
        known = true;
        itemsize = number * 4;
        break;
      case 'O': fail("holds Python objects, which are never loaded");
      default: break;
    }
    if (!known) fail("has an unknown dtype");
    if (order == '|' && itemsize > 1 && kind != 'S' && kind != 'V') {
      fail("has a dtype without byte order");
    }
    const bool swapped = order == '>' && (kind == 'U' ? number > 0 : itemsize > 1) && kind != 'S';
    return {sizeof(skops_dtype),
            static_cast<std::uint32_t>(kind),
            swapped ? 1u : 0u,
            itemsize,
            0,
            nullptr};
  }

  // A plain descriptor, or a list of ('name', '<f8') of any length; no nesting.
  void descriptor(Npy& out) {
    if (!accept("[")) {
      out.dtype = simple();
      return;
    }
    std::uint64_t offset = 0;
    while (!accept("]")) {
      expect("(");
      NpyField field;
      field.name = quoted();
      expect(", ");
      field.dtype = simple();
      expect(")");
      for (const NpyField& other : out.fields) {
        if (other.name == field.name) fail("names a field twice");
      }
      if (out.fields.size() == 256) fail("has too many fields");
      field.offset = offset;
      offset += field.dtype.itemsize;
      if (offset > (1u << 28)) fail("has items that are too large");
      // Padding has no name and holds nothing.
      if (!field.name.empty()) out.fields.push_back(std::move(field));
      if (!accept(", ") && !peek(']')) fail("has malformed fields");
    }
    out.dtype = {sizeof(skops_dtype), 'V', 0, offset, 0, nullptr};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// The array in `bytes`, described in place.
inline Npy read_npy(skops_bytes bytes, std::uint64_t most_header = std::uint64_t{64} << 10) {
  const auto* p = reinterpret_cast<const char*>(bytes.data);
  const std::string_view all(p, static_cast<std::size_t>(bytes.size));
  if (all.substr(0, 6) != std::string_view("\x93NUMPY", 6)) {
    if (all.substr(0, 1) == "\x80") malformed("a pickle stands where an array (NPY) belongs");
    if (all.substr(0, 2) == "PK") malformed("an archive stands where an array (NPY) belongs");
    malformed("the member is not an array in NPY format");
  }
  require(all.size() >= 10, "the array's NPY header is cut off");
  const auto byte = [&](std::size_t k) {
    return static_cast<std::size_t>(static_cast<unsigned char>(all[k]));
  };
  const std::size_t major = byte(6), minor = byte(7);
  require(minor == 0 && major >= 1 && major <= 3, "the array has an unknown NPY version");
  std::size_t start = 10, length = byte(8) | byte(9) << 8;
  if (major > 1) {
    require(all.size() >= 12, "the array's NPY header is cut off");
    length |= byte(10) << 16 | byte(11) << 24;
    start = 12;
  }
  if (length > most_header) {
    throw Failure(SKOPS_LIMIT, "limit.npy_header_bytes",
                  "the array's NPY header has " + std::to_string(length) + " bytes",
                  "raise Limits::npy_header_bytes if you trust the origin of the file");
  }
  require(all.size() - start >= length, "the array's NPY header is cut off");

  Npy out;
  bool fortran = false;
  NpyHeader(all.substr(start, length)).read(out, fortran);
  // Empty arrays may announce any other extents: the strides must not wrap either.
  std::uint64_t size = 1, span = out.dtype.itemsize;
  bool empty = false;
  for (const std::int64_t extent : out.shape) {
    empty |= extent == 0;
    if (extent == 0) continue;
    require(!__builtin_mul_overflow(span, static_cast<std::uint64_t>(extent), &span) &&
                !__builtin_mul_overflow(size, static_cast<std::uint64_t>(extent), &size) &&
                span < (std::uint64_t{1} << 62) && size < (std::uint64_t{1} << 62),
            "the array's shape is larger than memory can be");
  }
  if (empty) size = 0;
  require(all.size() - start - length == size * out.dtype.itemsize,
          "the array's bytes are not as many as its header says");
  require(out.dtype.itemsize > 0 || size <= (std::uint64_t{1} << 24),
          "the array has too many empty items");
  out.data = p + start + length;
  out.size = static_cast<std::size_t>(size);
  out.strides.resize(out.shape.size());
  std::int64_t step = static_cast<std::int64_t>(out.dtype.itemsize);
  for (std::size_t k = 0; k < out.shape.size(); ++k) {
    const std::size_t axis = fortran ? k : out.shape.size() - 1 - k;
    out.strides[axis] = step;
    if (out.shape[axis] > 0) step *= out.shape[axis];
  }
  return out;
}

// Copies `count` items of `itemsize` bytes with their bytes reversed in units of `unit`.
inline void copy_swapped(char* to, const char* from, std::size_t bytes, std::size_t unit) {
  for (std::size_t k = 0; k + unit <= bytes; k += unit) {
    for (std::size_t j = 0; j < unit; ++j) to[k + j] = from[k + unit - 1 - j];
  }
}

}  // namespace skops::sdk
