// Arrays at the surface of the library: views of the caller's data, and results.
//
// Dtypes are named as NumPy names them: a kind ('b' bool, 'i' and 'u' integers, 'f' floats, 'U'
// texts of UCS-4 padded with zeros, 'O' cells) and the bytes of one item. Strides are in bytes and
// may be negative. Views own nothing and must outlive the call they are given to; results own their
// memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace skops {

struct Dtype {
  char kind = 'f';
  std::uint32_t itemsize = 8;  // bytes

  // "float64", "<U5", "object", …
  std::string name() const;
  bool operator==(const Dtype&) const = default;
};

template <class T>
inline constexpr Dtype dtype_of = {std::is_same_v<T, bool>       ? 'b'
                                   : std::is_floating_point_v<T> ? 'f'
                                   : std::is_signed_v<T>         ? 'i'
                                                                 : 'u',
                                   sizeof(T)};

// One element of an array of objects: tables with mixed columns, labels, categories.
struct Cell {
  enum class Kind : std::uint64_t { none, boolean, integer, real, string, other, missing };
  Kind kind = Kind::none;
  union {
    std::int64_t integer;  // and bool
    double real;
    struct {
      const char* data;
      std::uint64_t size;
    } string;
  } as = {};

  static Cell of(std::string_view text);
  static Cell of(double real);
  static Cell of(std::int64_t integer);
  static Cell of(bool truth);
  std::string_view text() const { return {as.string.data, as.string.size}; }
};

// A view of at most two dimensions.
struct ArrayView {
  const void* data = nullptr;
  Dtype dtype;
  std::uint32_t ndim = 2;
  std::int64_t shape[2] = {0, 0};
  std::int64_t strides[2] = {0, 0};
};

// Rows one after the other: element (i, j) is data[i * columns + j].
template <class T>
ArrayView view(const T* data, std::size_t rows, std::size_t columns) {
  const auto item = static_cast<std::int64_t>(sizeof(T));
  return {data,
          dtype_of<T>,
          2,
          {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)},
          {item * static_cast<std::int64_t>(columns), item}};
}
template <class T>
ArrayView view(const std::vector<T>& data, std::size_t rows, std::size_t columns) {
  return view(data.data(), rows, columns);
}
// One dimension.
template <class T>
ArrayView view(const T* data, std::size_t count) {
  return {data, dtype_of<T>, 1, {static_cast<std::int64_t>(count), 0}, {sizeof(T), 0}};
}
template <class T>
ArrayView view(const std::vector<T>& data) {
  return view(data.data(), data.size());
}

// Compressed sparse rows. `indices` and `indptr` are both int32 or both int64.
struct CsrView {
  std::size_t rows = 0, columns = 0;
  ArrayView data, indices, indptr;  // one-dimensional
};

struct ColumnView {
  std::string_view name;
  ArrayView values;  // one-dimensional
};

// What a method is given: one of the four forms.
struct Input {
  enum class Kind { dense, csr, text, table };
  Kind kind = Kind::dense;
  ArrayView array = {};
  CsrView csr = {};
  std::span<const std::string_view> text = {};
  std::span<const ColumnView> table = {};
  std::size_t rows = 0;

  Input(const ArrayView& x);                   // NOLINT: views convert
  Input(const CsrView& x);                     // NOLINT
  Input(std::span<const std::string_view> x);  // NOLINT
  Input(std::span<const ColumnView> x, std::size_t n_rows);
};

// A result: an array in C order that owns its memory. Cheap to move and to copy (shared).
class Array {
 public:
  Array() = default;
  Array(Dtype dtype, std::vector<std::int64_t> shape, std::shared_ptr<const void> data)
      : dtype_(dtype), shape_(std::move(shape)), data_(std::move(data)) {}

  Dtype dtype() const { return dtype_; }
  std::span<const std::int64_t> shape() const { return shape_; }
  std::size_t size() const;
  const void* data() const { return data_.get(); }
  const std::shared_ptr<const void>& owner() const { return data_; }
  // The elements as T; throws skops::Error (usage) where the dtype is another one.
  template <class T>
  std::span<const T> as() const {
    check_dtype(dtype_of<T>);
    return {static_cast<const T*>(data_.get()), size()};
  }
  // Any number as a double, any text as UTF-8.
  double number(std::size_t k) const;
  std::string text(std::size_t k) const;

 private:
  void check_dtype(Dtype wanted) const;

  Dtype dtype_;
  std::vector<std::int64_t> shape_;
  std::shared_ptr<const void> data_;
};

struct Csr {
  std::size_t rows = 0, columns = 0;
  Array data, indices, indptr;  // int32 indices
};

// Whatever a method gives: mostly one array; a sparse matrix; a list or tuple of these.
struct Result {
  enum class Kind { array, csr, list, tuple };
  Kind kind = Kind::array;
  Array array = {};
  Csr csr = {};
  std::vector<Result> items = {};
};

}  // namespace skops
