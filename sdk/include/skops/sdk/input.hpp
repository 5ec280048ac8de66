// The data given to a method, in the forms that scikit-learn takes: dense arrays, CSR matrices,
// documents, tables of named columns; and the conversions to what a kernel wants: rows of T, one
// after the other, without a copy where the input already is that.
//
// An `Input` is a view of the caller's memory and lives as long as the call. CSR inputs have been
// checked by the host: indices in range, indptr from 0 to nnz without decreasing.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "skops/sdk/array.hpp"

namespace skops::sdk {

class Input {
 public:
  explicit Input(const skops_input* input) : input_(input) {}

  const skops_input* raw() const { return input_; }
  bool is_dense() const { return input_->kind == SKOPS_INPUT_DENSE; }
  bool is_csr() const { return input_->kind == SKOPS_INPUT_CSR; }
  bool is_text() const { return input_->kind == SKOPS_INPUT_TEXT; }
  bool is_table() const { return input_->kind == SKOPS_INPUT_TABLE; }
  std::size_t rows() const { return static_cast<std::size_t>(input_->rows); }
  std::size_t columns() const { return static_cast<std::size_t>(input_->columns); }
  ArrayView array() const { return ArrayView(input_->array); }
  const skops_csr& csr() const { return *input_->csr; }
  std::span<const skops_string> text() const { return {input_->text, rows()}; }
  std::string_view column_name(std::size_t j) const { return view(input_->table[j]->name); }
  ArrayView column(std::size_t j) const { return ArrayView(input_->table[j]->values); }

  // Whether every value is a plain number (dense or CSR of numbers, tables of number columns).
  bool is_numeric() const {
    if (is_dense()) return array().numeric();
    if (is_csr()) return true;
    if (!is_table()) return false;
    for (std::size_t j = 0; j < columns(); ++j) {
      if (!column(j).numeric()) return false;
    }
    return true;
  }
  // Whether scikit-learn's "keep float32" rule applies: every value is stored as float32.
  bool is_float32() const {
    if (is_dense()) return array().is<float>();
    if (is_csr()) return ArrayView(csr().data).is<float>();
    if (!is_table()) return false;
    for (std::size_t j = 0; j < columns(); ++j) {
      if (!column(j).is<float>()) return false;
    }
    return columns() > 0;
  }

 private:
  const skops_input* input_;
};

// Rows of T in C order: `data[i * stride + j]`. Owns the numbers only where it had to convert.
template <class T>
class Matrix {
 public:
  Matrix() = default;
  Matrix(const T* data, std::size_t rows, std::size_t columns, std::size_t stride)
      : data_(data), rows_(rows), columns_(columns), stride_(stride) {}
  Matrix(std::unique_ptr<T[]> owned, std::size_t rows, std::size_t columns)
      : owned_(std::move(owned)),
        data_(owned_.get()),
        rows_(rows),
        columns_(columns),
        stride_(columns) {}

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::size_t stride() const { return stride_; }
  const T* data() const { return data_; }
  const T* row(std::size_t i) const { return data_ + i * stride_; }
  T operator()(std::size_t i, std::size_t j) const { return data_[i * stride_ + j]; }

 private:
  std::unique_ptr<T[]> owned_;
  const T* data_ = nullptr;
  std::size_t rows_ = 0, columns_ = 0, stride_ = 0;
};

// One cell of any array: numbers become real or integer cells, 'U' texts go to `arena`.
inline skops_cell cell_at(const ArrayView& a, const char* p, std::string& arena) {
  skops_cell cell{};
  if (a.kind() == 'O') return load_as<skops_cell>(p);
  if (a.kind() == 'U') {
    arena = ucs4_to_utf8(p, a.itemsize());
    cell.kind = SKOPS_CELL_STRING;
    cell.as.string = str(arena);
    return cell;
  }
  if (a.kind() == 'f' && a.itemsize() == 2) {
    cell.kind = SKOPS_CELL_REAL;
    cell.as.real = half_to_float(load_as<std::uint16_t>(p));
    return cell;
  }
  cell.kind = SKOPS_CELL_OTHER;
  with_type(a.dtype(), [&](auto sample) {
    using S = decltype(sample);
    if constexpr (std::is_floating_point_v<S>) {
      cell.kind = SKOPS_CELL_REAL;
      cell.as.real = static_cast<double>(load_as<S>(p));
    } else if constexpr (std::is_same_v<S, bool>) {
      cell.kind = SKOPS_CELL_BOOL;
      cell.as.integer = *p != 0;
    } else {
      const S value = load_as<S>(p);
      // What a cell's integer cannot hold is a real, as in a column that mixes signs.
      if (std::in_range<std::int64_t>(value)) {
        cell.kind = SKOPS_CELL_INTEGER;
        cell.as.integer = static_cast<std::int64_t>(value);
      } else {
        cell.kind = SKOPS_CELL_REAL;
        cell.as.real = static_cast<double>(value);
      }
    }
  });
  return cell;
}

// The number that a text spells, as Python's float() reads it: blanks around it, underscores
// between digits, "inf" and "nan" in any case.
inline double text_to_real(std::string_view text) {
  const auto refuse = [&] [[noreturn]] {
    bad_input("could not convert string to float: '" + std::string(text) + "'");
  };
  constexpr std::string_view blanks = " \t\n\v\f\r";
  std::string_view rest = text;
  const std::size_t first = rest.find_first_not_of(blanks);
  if (first == std::string_view::npos) refuse();
  rest = rest.substr(first, rest.find_last_not_of(blanks) + 1 - first);
  const bool negative = rest[0] == '-';
  if (negative || rest[0] == '+') rest.remove_prefix(1);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string plain;
  for (std::size_t k = 0; k < rest.size(); ++k) {
    if (rest[k] != '_') {
      plain += rest[k];
    } else if (k == 0 || k + 1 == rest.size() || !digit(rest[k - 1]) || !digit(rest[k + 1])) {
      refuse();
    }
  }
  // from_chars would take a second sign and "nan(text)".
  if (plain.empty() || plain[0] == '-' || plain.find('(') != std::string::npos) refuse();
  double value = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (end != plain.data() + plain.size() || error == std::errc::invalid_argument) refuse();
  if (error == std::errc::result_out_of_range) {
    // Beyond float64 on one side or the other; the wider type mostly tells which.
    long double wide = 0;
    const auto again = std::from_chars(plain.data(), plain.data() + plain.size(), wide);
    if (again.ec == std::errc::result_out_of_range) {
      value = plain.find("e-") != std::string::npos || plain.find("E-") != std::string::npos
                  ? 0.0
                  : std::numeric_limits<double>::infinity();
    } else {
      value = static_cast<double>(wide);
    }
  }
  return negative ? -value : value;
}

// The number in a cell of Python objects, as float(x) gives it; None is NaN as in a pandas column.
inline double cell_to_real(const skops_cell& cell) {
  switch (cell.kind) {
    case SKOPS_CELL_BOOL:
    case SKOPS_CELL_INTEGER: return static_cast<double>(cell.as.integer);
    case SKOPS_CELL_REAL: return cell.as.real;
    case SKOPS_CELL_NONE:
    case SKOPS_CELL_MISSING: return std::nan("");
    case SKOPS_CELL_STRING: return text_to_real(view(cell.as.string));
    default: bad_input("float() argument must be a string or a real number");
  }
}

// An array of one dimension into out[0], out[step], …
template <class T>
void copy_column(const ArrayView& a, T* out, std::size_t step) {
  if (a.kind() == 'O') {
    a.each([&](const char* p) {
      *out = static_cast<T>(cell_to_real(load_as<skops_cell>(p)));
      out += step;
    });
    return;
  }
  if (a.kind() == 'U') {
    a.each([&](const char* p) {
      *out = static_cast<T>(text_to_real(ucs4_to_utf8(p, a.itemsize())));
      out += step;
    });
    return;
  }
  if (a.kind() == 'f' && a.itemsize() == 2) {
    a.each([&](const char* p) {
      *out = static_cast<T>(half_to_float(load_as<std::uint16_t>(p)));
      out += step;
    });
    return;
  }
  const bool known = with_type(a.dtype(), [&](auto sample) {
    using S = decltype(sample);
    a.each([&](const char* p) {
      if constexpr (std::is_same_v<S, bool>) {
        *out = static_cast<T>(*p != 0);
      } else {
        *out = static_cast<T>(load_as<S>(p));
      }
      out += step;
    });
  });
  if (!known) bad_input("numbers are expected, not an array of dtype '" + a.name() + "'");
}

// What a CSR input may become when it is made dense.
inline constexpr std::size_t kDensifiedBytes = std::size_t{1} << 36;

// The input as rows of T. CSR inputs are refused unless `densify`; whoever asks for that has
// compared the number of columns with what the model knows, so that a few bytes of a sparse matrix
// do not become gigabytes.
template <class T>
Matrix<T> to_matrix(const Input& x, bool densify = false) {
  const std::size_t n = x.rows(), d = x.columns();
  if (x.is_dense()) {
    const ArrayView a = x.array();
    if (a.ndim() == 2 && a.template is<T>() && (d <= 1 || a.stride(1) == sizeof(T)) &&
        (n <= 1 || (a.stride(0) >= 0 && a.stride(0) % sizeof(T) == 0)) &&
        reinterpret_cast<std::uintptr_t>(a.data()) % alignof(T) == 0) {
      return {reinterpret_cast<const T*>(a.data()), n, d,
              n <= 1 ? d : static_cast<std::size_t>(a.stride(0)) / sizeof(T)};
    }
    auto owned = std::make_unique_for_overwrite<T[]>(area(n, d, sizeof(T)));
    if (a.kind() == 'O' || a.kind() == 'U') {
      copy_column(a, owned.get(), 1);
    } else {
      if (!a.numeric() && !(a.kind() == 'f')) {
        bad_input("numbers are expected, not an array of dtype '" + a.name() + "'");
      }
      a.copy_to(owned.get());
    }
    return {std::move(owned), n, d};
  }
  if (x.is_table()) {
    auto owned = std::make_unique_for_overwrite<T[]>(area(n, d, sizeof(T)));
    for (std::size_t j = 0; j < d; ++j) copy_column(x.column(j), owned.get() + j, d);
    return {std::move(owned), n, d};
  }
  if (x.is_csr() && densify) {
    auto owned = std::make_unique<T[]>(area(n, d, sizeof(T), kDensifiedBytes));
    const skops_csr& csr = x.csr();
    const auto values = ArrayView(csr.data).to_vector<T>();
    const auto indices = ArrayView(csr.indices).to_vector<std::int64_t>();
    const auto indptr = ArrayView(csr.indptr).to_vector<std::int64_t>();
    for (std::size_t i = 0; i < n; ++i) {
      for (auto k = indptr[i]; k < indptr[i + 1]; ++k) {
        owned[i * d + static_cast<std::size_t>(indices[static_cast<std::size_t>(k)])] +=
            values[static_cast<std::size_t>(k)];
      }
    }
    return {std::move(owned), n, d};
  }
  if (x.is_csr()) {
    bad_input("sparse data was passed, but dense data is required",
              "use '.toarray()' to convert to a dense array");
  }
  bad_input("a matrix of numbers is expected, not documents");
}

// A CSR matrix with values of T, int32 indices and int64 row pointers.
template <class T>
class CsrRows {
 public:
  CsrRows() = default;
  explicit CsrRows(const skops_csr& csr)
      : rows_(static_cast<std::size_t>(csr.rows)), columns_(static_cast<std::size_t>(csr.columns)) {
    data_ = borrow(ArrayView(csr.data), own_data_);
    indices_ = borrow(ArrayView(csr.indices), own_indices_);
    indptr_ = borrow(ArrayView(csr.indptr), own_indptr_);
  }
  CsrRows(CsrRows&&) noexcept = default;
  CsrRows& operator=(CsrRows&&) noexcept = default;

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::size_t nnz() const { return rows_ == 0 ? 0 : static_cast<std::size_t>(indptr_[rows_]); }
  const T* data() const { return data_; }
  const std::int32_t* indices() const { return indices_; }
  const std::int64_t* indptr() const { return indptr_; }

 private:
  template <class S>
  static const S* borrow(const ArrayView& a, std::vector<S>& own) {
    if (a.is<S>() && a.contiguous() &&
        reinterpret_cast<std::uintptr_t>(a.data()) % alignof(S) == 0) {
      return reinterpret_cast<const S*>(a.data());
    }
    own = a.to_vector<S>();
    return own.data();
  }

  std::size_t rows_ = 0, columns_ = 0;
  const T* data_ = nullptr;
  const std::int32_t* indices_ = nullptr;
  const std::int64_t* indptr_ = nullptr;
  std::vector<T> own_data_;
  std::vector<std::int32_t> own_indices_;
  std::vector<std::int64_t> own_indptr_;
};

}  // namespace skops::sdk
