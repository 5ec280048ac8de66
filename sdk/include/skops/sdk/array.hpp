// Arrays as the boundary describes them (dtype, shape, strides in bytes, as NumPy does), and the
// conversions that every plugin needs: element type to element type, any strides, unaligned bytes.
//
// A view owns nothing. Records keep their bytes; text arrays ('U') are decoded to UTF-8 on demand.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "skops/sdk/error.hpp"

namespace skops::sdk {

// The dtype of a C++ number: dtype_of<double> has kind 'f' and 8 bytes.
template <class T>
inline constexpr skops_dtype dtype_of = {sizeof(skops_dtype),
                                         std::is_same_v<T, bool>         ? 'b'
                                         : std::is_same_v<T, skops_cell> ? 'O'
                                         : std::is_floating_point_v<T>   ? 'f'
                                         : std::is_signed_v<T>           ? 'i'
                                                                         : 'u',
                                         0,
                                         sizeof(T),
                                         0,
                                         nullptr};

// Calls `f` with a value of the C++ type that `dtype` stores; false where there is none.
template <class F>
bool with_type(const skops_dtype& dtype, F&& f) {
  switch (dtype.kind << 8 | static_cast<std::uint32_t>(dtype.itemsize & 0xff)) {
    case 'f' << 8 | 8: f(double{}); return true;
    case 'f' << 8 | 4: f(float{}); return true;
    case 'i' << 8 | 8: f(std::int64_t{}); return true;
    case 'i' << 8 | 4: f(std::int32_t{}); return true;
    case 'i' << 8 | 2: f(std::int16_t{}); return true;
    case 'i' << 8 | 1: f(std::int8_t{}); return true;
    case 'u' << 8 | 8: f(std::uint64_t{}); return true;
    case 'u' << 8 | 4: f(std::uint32_t{}); return true;
    case 'u' << 8 | 2: f(std::uint16_t{}); return true;
    case 'u' << 8 | 1: f(std::uint8_t{}); return true;
    case 'b' << 8 | 1: f(bool{}); return true;
    default: return false;
  }
}

// float16 to float, IEEE 754 binary16.
inline float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = std::uint32_t{half & 0x8000u} << 16;
  std::uint32_t exponent = half >> 10 & 0x1f, mantissa = half & 0x3ffu;
  if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000u | mantissa << 13);
  if (exponent == 0) {
    const float value = static_cast<float>(mantissa) * 0x1p-24f;
    return sign ? -value : value;
  }
  return std::bit_cast<float>(sign | (exponent + 112) << 23 | mantissa << 13);
}

// `value` as a T in `out`; false where a T cannot hold it. Integers are never wrapped or truncated:
// an index that wraps becomes another index, and a double beyond an integer's range is undefined.
template <class T, class S>
bool convert(S value, T& out) {
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    if constexpr (std::is_floating_point_v<S>) {
      constexpr double end = std::is_signed_v<T>
                                 ? -static_cast<double>(std::numeric_limits<T>::min())
                                 : 2.0 * (std::numeric_limits<T>::max() / 2 + 1);
      constexpr double begin = static_cast<double>(std::numeric_limits<T>::min());
      // Written so that NaN fails.
      const bool fits = value >= begin && value < end;
      out = fits ? static_cast<T>(value) : T{};
      return fits && static_cast<S>(out) == value;
    } else {
      out = static_cast<T>(value);
      return std::in_range<T>(value);
    }
  } else {
    out = static_cast<T>(value);
    return true;
  }
}

template <class T>
T load_as(const void* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

class ArrayView {
 public:
  ArrayView() = default;
  explicit ArrayView(const skops_array* array) : array_(array) {}

  explicit operator bool() const { return array_ != nullptr; }
  const skops_array* raw() const { return array_; }
  const skops_dtype& dtype() const { return *array_->dtype; }
  char kind() const { return static_cast<char>(array_->dtype->kind); }
  std::size_t itemsize() const { return array_->dtype->itemsize; }
  std::size_t ndim() const { return array_->ndim; }
  std::span<const std::int64_t> shape() const { return {array_->shape, ndim()}; }
  std::size_t extent(std::size_t axis) const {
    return static_cast<std::size_t>(array_->shape[axis]);
  }
  // Number of elements; the host has checked that it fits.
  std::size_t size() const {
    std::size_t n = 1;
    for (std::size_t k = 0; k < ndim(); ++k) n *= extent(k);
    return n;
  }
  const char* data() const { return static_cast<const char*>(array_->data); }
  std::int64_t stride(std::size_t axis) const { return array_->strides[axis]; }
  bool contiguous() const {
    std::int64_t expected = static_cast<std::int64_t>(itemsize());
    for (std::size_t k = ndim(); k-- > 0;) {
      if (extent(k) != 1 && stride(k) != expected) return false;
      expected *= static_cast<std::int64_t>(extent(k));
    }
    return true;
  }
  bool numeric() const {
    const char k = kind();
    return k == 'f' || k == 'i' || k == 'u' || k == 'b';
  }
  template <class T>
  bool is() const {
    return kind() == static_cast<char>(dtype_of<T>.kind) && itemsize() == sizeof(T);
  }

  // The address of element (i) or (i, j).
  const char* at(std::size_t i) const {
    return data() + static_cast<std::int64_t>(i) * array_->strides[0];
  }
  const char* at(std::size_t i, std::size_t j) const {
    return at(i) + static_cast<std::int64_t>(j) * array_->strides[1];
  }

  // Every element in C order, converted to T. Numbers only; float16 too. Integers keep their value:
  // an element that a T cannot hold is refused.
  template <class T>
  void copy_to(T* out) const {
    const std::size_t n = size();
    if (n == 0) return;
    if (is<T>() && contiguous()) {
      std::memcpy(out, data(), n * sizeof(T));
      return;
    }
    bool fits = true;
    if (kind() == 'f' && itemsize() == 2) {
      each([&](const char* p) {
        fits &= convert(half_to_float(load_as<std::uint16_t>(p)), *out++);
      });
      if (!fits) malformed("an array holds what is no integer of the expected size");
      return;
    }
    const bool known = with_type(dtype(), [&](auto sample) {
      using S = decltype(sample);
      each([&](const char* p) {
        if constexpr (std::is_same_v<S, bool>) {
          *out++ = static_cast<T>(*p != 0);
        } else {
          fits &= convert(load_as<S>(p), *out++);
        }
      });
    });
    if (!fits) malformed("an array holds what is no integer of the expected size");
    if (!known) malformed("an array of numbers is expected, not of dtype '" + name() + "'");
  }
  template <class T>
  std::vector<T> to_vector() const {
    std::vector<T> out(size());
    copy_to(out.data());
    return out;
  }

  // Calls f(address) for each element in C order, without recursion.
  template <class F>
  void each(F&& f) const {
    const std::size_t d = ndim();
    if (size() == 0) return;
    if (d == 0) return f(data());
    std::vector<std::size_t> index(d, 0);
    const char* p = data();
    const std::size_t last = d - 1, n = extent(last);
    while (true) {
      for (std::size_t j = 0; j < n; ++j) f(p + static_cast<std::int64_t>(j) * stride(last));
      std::size_t k = last;
      while (true) {
        if (k-- == 0) return;
        p += stride(k);
        if (++index[k] < extent(k)) break;
        p -= static_cast<std::int64_t>(extent(k)) * stride(k);
        index[k] = 0;
      }
    }
  }

  // "float64", "<U5", … for messages.
  std::string name() const {
    const std::string bits = std::to_string(itemsize() * 8);
    switch (kind()) {
      case 'f': return "float" + bits;
      case 'i': return "int" + bits;
      case 'u': return "uint" + bits;
      case 'b': return "bool";
      case 'c': return "complex" + bits;
      case 'O': return "object";
      case 'U': return "<U" + std::to_string(itemsize() / 4);
      case 'S': return "S" + std::to_string(itemsize());
      default: return std::string(1, kind()) + std::to_string(itemsize());
    }
  }

 private:
  const skops_array* array_ = nullptr;
};

inline void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0 | point >> 6);
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | point >> 18);
    out += static_cast<char>(0x80 | (point >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  }
}

// An element of a 'U' array (UCS-4, padded with zeros) as UTF-8.
inline std::string ucs4_to_utf8(const char* at, std::size_t itemsize) {
  std::string out;
  std::size_t n = itemsize / 4;
  while (n > 0 && load_as<std::uint32_t>(at + 4 * (n - 1)) == 0) --n;
  for (std::size_t k = 0; k < n; ++k) append_utf8(out, load_as<std::uint32_t>(at + 4 * k));
  return out;
}

// An array that owns what it describes, for results made inside a plugin. C order.
struct OwnedArray {
  skops_dtype dtype{};
  std::vector<std::int64_t> shape, strides;
  std::vector<std::byte> bytes;
  skops_array raw{};

  OwnedArray() = default;
  OwnedArray(const skops_dtype& type, std::initializer_list<std::int64_t> dims)
      : OwnedArray(type, std::vector<std::int64_t>(dims)) {}
  OwnedArray(const skops_dtype& type, std::vector<std::int64_t> dims)
      : dtype(type), shape(std::move(dims)), strides(shape.size()) {
    std::int64_t step = static_cast<std::int64_t>(type.itemsize);
    for (std::size_t k = shape.size(); k-- > 0;) {
      strides[k] = step;
      if (shape[k] < 0 || __builtin_mul_overflow(step, shape[k], &step)) throw std::bad_alloc();
    }
    bytes.resize(static_cast<std::size_t>(step));
  }
  // The description; valid while this object stays where it is.
  const skops_array* describe() {
    raw = {sizeof raw, bytes.data(), &dtype, shape.size(), shape.data(), strides.data()};
    return &raw;
  }
  template <class T>
  T* as() {
    return reinterpret_cast<T*>(bytes.data());
  }
};

}  // namespace skops::sdk
