// The numbers of an input as tiles of rows of T, and the type that NumPy would compute in.
//
// An input that already is rows of T is handed on whole and never copied; other dtypes and strides
// are converted a tile at a time, so that a large batch needs no second copy of itself.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "linalg/elementwise.hpp"
#include "skops/sdk/features.hpp"

namespace skops_sklearn {

// Whether NumPy computes array op float32 in float32.
inline bool within_float32(const skops::sdk::ArrayView& a) {
  switch (a.kind()) {
    case 'f': return a.itemsize() <= 4;
    case 'i':
    case 'u': return a.itemsize() <= 2;
    case 'b': return true;
    default: return false;  // objects become float64
  }
}

inline bool within_float32(const skops::sdk::Input& x) {
  if (x.is_dense()) return within_float32(x.array());
  if (x.is_csr()) return within_float32(skops::sdk::ArrayView(x.csr().data));
  if (!x.is_table()) return false;
  for (std::size_t j = 0; j < x.columns(); ++j)
    if (!within_float32(x.column(j))) return false;
  return x.columns() > 0;
}

// Rows [first, first + count) of a two-dimensional array of numbers, as T in C order.
template <class T>
void convert_rows(const skops::sdk::ArrayView& a, std::size_t first, std::size_t count, T* out) {
  const std::size_t d = a.extent(1);
  const std::int64_t row_step = a.stride(0), column_step = a.stride(1);
  const char* base = a.data() + static_cast<std::int64_t>(first) * row_step;
  skops::sdk::with_type(a.dtype(), [&](auto sample) {
    using S = decltype(sample);
    const auto get = [&](std::size_t i, std::size_t j) {
      const char* p = base + static_cast<std::int64_t>(i) * row_step +
                      static_cast<std::int64_t>(j) * column_step;
      if constexpr (std::is_same_v<S, bool>)
        return static_cast<T>(*p != 0);
      else
        return static_cast<T>(skops::sdk::load_as<S>(p));
    };
    if (std::abs(row_step) < std::abs(column_step)) {  // columns lie together
      for (std::size_t j = 0; j < d; ++j)
        for (std::size_t i = 0; i < count; ++i) out[i * d + j] = get(i, j);
    } else {
      for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < d; ++j) out[i * d + j] = get(i, j);
    }
  });
}

// Whether to_matrix<T> would borrow the input's memory.
template <class T>
bool is_rows_of(const skops::sdk::Input& x) {
  if (!x.is_dense()) return false;
  const skops::sdk::ArrayView a = x.array();
  return a.ndim() == 2 && a.template is<T>() &&
         (x.columns() <= 1 || a.stride(1) == static_cast<std::int64_t>(sizeof(T))) &&
         (x.rows() <= 1 ||
          (a.stride(0) >= 0 && a.stride(0) % static_cast<std::int64_t>(sizeof(T)) == 0)) &&
         reinterpret_cast<std::uintptr_t>(a.data()) % alignof(T) == 0;
}

// f(rows, count, stride, first) for consecutive tiles of a dense input or table.
template <class T, class F>
void for_tiles(const skops::sdk::Input& x, F&& f) {
  if (x.rows() == 0) return;
  const bool plain = x.is_dense() && x.array().ndim() == 2 && x.array().numeric() &&
                     !(x.array().kind() == 'f' && x.array().itemsize() == 2);
  if (!plain || is_rows_of<T>(x)) {
    const auto matrix = skops::sdk::to_matrix<T>(x);
    f(matrix.data(), matrix.rows(), matrix.stride(), std::size_t{0});
    return;
  }
  const std::size_t d = x.columns();
  const std::size_t tile = std::clamp<std::size_t>(32768 / std::max<std::size_t>(d, 1), 1, 256);
  std::vector<T> buffer(std::min(tile, x.rows()) * d);
  for (std::size_t first = 0; first < x.rows(); first += tile) {
    const std::size_t count = std::min(tile, x.rows() - first);
    convert_rows(x.array(), first, count, buffer.data());
    f(buffer.data(), count, d, first);
  }
}

// Throws scikit-learn's complaint when the input holds NaN or infinity; reads all of it, so callers
// ask only when a result already looks wrong.
template <class T>
void refuse_non_finite(const skops::sdk::Input& x, std::string_view estimator) {
  skops::sdk::check_finite(skops::sdk::to_matrix<T>(x), skops::sdk::Finite::required, estimator);
}

// CSR rows of T after all checks but the number of columns.
template <class T>
skops::sdk::CsrRows<T> finite_csr(const skops::sdk::Input& x, std::string_view estimator,
                                  skops::sdk::Finite finite = skops::sdk::Finite::required) {
  skops::sdk::CsrRows<T> rows(x.csr());
  if (!linalg::all_finite(rows.data(), rows.nnz()))
    skops::sdk::check_finite(rows, finite, estimator);
  return rows;
}

// Rows of T of a dense input or table after all checks but the number of columns.
template <class T>
skops::sdk::Matrix<T> finite_rows(const skops::sdk::Input& x, std::string_view estimator,
                                  skops::sdk::Finite finite = skops::sdk::Finite::required) {
  skops::sdk::Matrix<T> rows = skops::sdk::to_matrix<T>(x);
  bool good = true;
  if (rows.stride() == rows.columns()) {
    good = linalg::all_finite(rows.data(), rows.rows() * rows.columns());
  } else {
    for (std::size_t i = 0; good && i < rows.rows(); ++i)
      good = linalg::all_finite(rows.row(i), rows.columns());
  }
  if (!good) skops::sdk::check_finite(rows, finite, estimator);
  return rows;
}

// Room for a few numbers without the heap, for calls with one row.
template <class T, std::size_t room = 128>
class Scratch {
 public:
  explicit Scratch(std::size_t n) {
    if (n > room) {
      heap_.reset(new T[n]);
      data_ = heap_.get();
    }
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  T* data() { return data_; }
  T& operator[](std::size_t i) { return data_[i]; }

 private:
  T inline_[room];
  std::unique_ptr<T[]> heap_;
  T* data_ = inline_;
};

}  // namespace skops_sklearn
