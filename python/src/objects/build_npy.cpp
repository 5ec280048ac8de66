#include "objects/build_npy.hpp"

#include <cstring>
#include <string>
#include <string_view>

#include "objects/build_dtype.hpp"
#include "skops/error.hpp"

namespace skops_python {
namespace {

using skops::Error;
using skops::Family;

// Between two looks whether somebody has pressed Ctrl-C.
constexpr std::size_t copied_at_once = std::size_t{64} << 20;

[[noreturn]] void fail(const char* what) {
  throw Error(Family::malformed, "npy.header", std::string("the array's NPY header ") + what);
}

struct Header {
  Ref dtype;
  bool fortran = false;
  int rank = 0;
  npy_intp shape[NPY_MAXDIMS] = {};
  std::size_t start = 0;  // of the data
};

class Reader {
 public:
  Reader(std::string_view text, bool utf8) : text_(text), utf8_(utf8) {}

  void read(Header& out) {
    expect("{'descr': ");
    std::size_t used = 0;
    out.dtype = read_dtype(text_.substr(at_), utf8_, used);
    at_ += used;
    expect(", 'fortran_order': ");
    out.fortran = accept("True");
    if (!out.fortran) expect("False");
    expect(", 'shape': (");
    // (), (3,), (3, 4): Python takes (3) for a number.
    while (!accept(")")) {
      if (out.rank == NPY_MAXDIMS) fail("has more dimensions than NumPy");
      out.shape[out.rank++] = extent();
      if (out.rank == 1 && accept(",)")) break;
      if (accept(", ")) {
        if (peek(')')) fail("has a malformed shape");
      } else if (!peek(')') || out.rank == 1) {
        fail("has a malformed shape");
      }
    }
    if (!accept(", }")) expect("}");
    while (peek(' ')) ++at_;
    if (at_ + 1 != text_.size() || text_[at_] != '\n') fail("is malformed");
  }

 private:
  bool peek(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool accept(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void expect(std::string_view word) {
    if (!accept(word)) fail("is not one that NumPy writes");
  }
  npy_intp extent() {
    npy_intp value = 0;
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      if (at_ - start >= 18) fail("has an extent that is too large");
      value = value * 10 + (text_[at_++] - '0');
    }
    if (at_ == start || (at_ - start > 1 && text_[start] == '0')) fail("has a malformed shape");
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool utf8_;
};

Header read_header(std::string_view all, std::uint64_t most_header) {
  if (all.substr(0, 6) != std::string_view("\x93NUMPY", 6)) {
    throw Error(Family::malformed, "npy.magic", "the member is not an array in NPY format");
  }
  if (all.size() < 12) fail("is cut off");
  const auto byte = [&](std::size_t k) {
    return static_cast<std::size_t>(static_cast<unsigned char>(all[k]));
  };
  const std::size_t major = byte(6), minor = byte(7);
  if (minor != 0 || major < 1 || major > 3) fail("has an unknown version");
  std::size_t start = 10, length = byte(8) | byte(9) << 8;
  if (major > 1) {
    length |= byte(10) << 16 | byte(11) << 24;
    start = 12;
  }
  if (length > most_header) {
    throw Error(Family::limit, "limit.npy_header_bytes",
                "the array's NPY header has " + std::to_string(length) + " bytes", {},
                "raise Limits::npy_header_bytes if you trust the origin of the file");
  }
  if (all.size() - start < length) fail("is cut off");
  Header out;
  Reader(all.substr(start, length), major == 3).read(out);
  out.start = start + length;
  return out;
}

// The number of elements; refuses shapes whose bytes are not those that are there, and strides of
// empty arrays that would wrap.
std::size_t count_elements(const Header& header, std::size_t item, std::size_t data,
                           const skops::Limits& limits) {
  std::size_t size = 1, span = item;
  bool empty = false;
  for (int k = 0; k < header.rank; ++k) {
    const auto extent = static_cast<std::size_t>(header.shape[k]);
    empty |= extent == 0;
    if (extent == 0) continue;
    if (__builtin_mul_overflow(size, extent, &size) ||
        __builtin_mul_overflow(span, extent, &span) || size >= (std::size_t{1} << 62) ||
        span >= (std::size_t{1} << 62)) {
      fail("has a shape that is larger than memory can be");
    }
  }
  if (empty) size = 0;
  if (size * item != data) {
    throw Error(Family::malformed, "npy.size",
                "the array's bytes are not as many as its header says");
  }
  if (item == 0 && size > limits.object_cells) fail("announces too many empty items");
  if (size == 0 && item > limits.item_bytes) {
    throw Error(Family::limit, "limit.item_bytes",
                "an empty array announces items of " + std::to_string(item) + " bytes", {},
                "raise Limits::item_bytes if you trust the origin of the file");
  }
  return size;
}

template <class T>
void check_items(const char* data, std::size_t count, std::size_t stride, T wrong,
                 const char* what) {
  bool bad = false;
  for (std::size_t k = 0; k < count; ++k) bad |= wrong(data + k * stride);
  if (bad) throw Error(Family::malformed, "npy.value", what);
}

// The work is bounded by the bytes: what has none (thousands of fields `U0`) is not looked at, however
// many items are announced.
void check_values(PyArray_Descr* dtype, const char* data, std::size_t count, std::size_t stride) {
  if (PyDataType_ELSIZE(dtype) == 0) return;
  if (PyDataType_HASFIELDS(dtype)) {
    PyObject *key, *field;
    Py_ssize_t at = 0;
    while (PyDict_Next(PyDataType_FIELDS(dtype), &at, &key, &field)) {
      auto* inner = reinterpret_cast<PyArray_Descr*>(PyTuple_GET_ITEM(field, 0));
      const long offset = PyLong_AsLong(PyTuple_GET_ITEM(field, 1));
      check_values(inner, data + offset, count, stride);
    }
    return;
  }
  if (PyDataType_HASSUBARRAY(dtype)) {
    PyArray_Descr* base = PyDataType_SUBARRAY(dtype)->base;
    const auto item = static_cast<std::size_t>(PyDataType_ELSIZE(base));
    const std::size_t each = static_cast<std::size_t>(PyDataType_ELSIZE(dtype)) / item;
    for (std::size_t k = 0; k < each; ++k) check_values(base, data + k * item, count, stride);
    return;
  }
  if (dtype->kind == 'b') {
    check_items(
        data, count, stride, [](const char* p) { return static_cast<unsigned char>(*p) > 1; },
        "a bool of an array is neither 0 nor 1");
  } else if (dtype->kind == 'U') {
    const std::size_t letters = static_cast<std::size_t>(PyDataType_ELSIZE(dtype)) / 4;
    const bool swapped = PyArray_ISNBO(dtype->byteorder) == 0;
    check_items(
        data, count, stride,
        [=](const char* p) {
          bool bad = false;
          for (std::size_t k = 0; k < letters; ++k) {
            std::uint32_t code;
            std::memcpy(&code, p + 4 * k, 4);
            bad |= (swapped ? __builtin_bswap32(code) : code) > 0x10ffff;
          }
          return bad;
        },
        "a text of an array holds a code point beyond Unicode");
  }
}

}  // namespace

Ref read_npy(std::span<const std::byte> bytes, skops::Budget& budget) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  Header header = read_header(all, budget.limits().npy_header_bytes);
  auto* dtype = reinterpret_cast<PyArray_Descr*>(header.dtype.get());
  const auto item = static_cast<std::size_t>(PyDataType_ELSIZE(dtype));
  const std::size_t size = all.size() - header.start;
  const std::size_t count = count_elements(header, item, size, budget.limits());
  budget.allocate(size);
  const char* data = all.data() + header.start;
  check_values(dtype, data, count, item);

  Py_INCREF(dtype);  // which the call takes
  Ref out =
      checked(PyArray_NewFromDescr(&PyArray_Type, dtype, header.rank, header.shape, nullptr,
                                   nullptr, header.fortran ? NPY_ARRAY_F_CONTIGUOUS : 0, nullptr));
  auto* to = reinterpret_cast<PyArrayObject*>(out.get());
  char* memory = PyArray_BYTES(to);
  if (item == 0) {  // NumPy gives empty texts an item of one letter
    std::memset(memory, 0, static_cast<std::size_t>(PyArray_NBYTES(to)));
    return out;
  }
  for (std::size_t at = 0; at < size; at += copied_at_once) {
    if (at > 0 && PyErr_CheckSignals() != 0) throw PythonError();
    std::memcpy(memory + at, data + at, std::min(copied_at_once, size - at));
  }
  return out;
}

}  // namespace skops_python
