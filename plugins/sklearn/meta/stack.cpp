#include "meta/stack.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace skops_sklearn::meta {
namespace {

using namespace skops::sdk;

// What NumPy's promotion needs to know of a dtype, in rising order.
struct Type {
  char kind;  // 'b', 'i', 'u', 'f', 'O'
  std::size_t itemsize;
};

Type promote(Type a, Type b) {
  if (a.kind == b.kind) return a.itemsize >= b.itemsize ? a : b;
  if (a.kind == 'O' || b.kind == 'O') return {'O', sizeof(skops_cell)};
  if (a.kind == 'b') return b;
  if (b.kind == 'b') return a;
  if (a.kind == 'f' || b.kind == 'f') {
    const Type f = a.kind == 'f' ? a : b, i = a.kind == 'f' ? b : a;
    // Integers of 4 bytes or more need float64, smaller ones fit float32.
    return {'f', std::max(f.itemsize, i.itemsize >= 4 ? std::size_t{8} : std::size_t{4})};
  }
  const Type s = a.kind == 'i' ? a : b, u = a.kind == 'i' ? b : a;
  if (u.itemsize < s.itemsize) return s;
  return u.itemsize >= 8 ? Type{'f', 8} : Type{'i', u.itemsize * 2};
}

Type type_of(const ArrayView& a) {
  if (a.kind() == 'O' || a.kind() == 'U' || a.kind() == 'S') return {'O', sizeof(skops_cell)};
  if (!a.numeric()) unsupported("a transformer gave an array of dtype " + a.name());
  return {a.kind(), a.itemsize()};
}

Type type_of(const Piece& piece) {
  Type type{'b', 1};
  if (piece.values.is_csr()) {
    type = type_of(ArrayView(piece.values.csr().data));
  } else if (piece.values.is_table()) {
    for (std::size_t j = 0; j < piece.values.columns(); ++j) {
      type = promote(type, type_of(piece.values.column(j)));
    }
  } else {
    type = type_of(piece.values.array());
  }
  if (piece.weight && type.kind != 'f') type = {'f', 8};
  return type;
}

// The dense cell (i, j) of a piece.
const char* cell(const Input& x, const ArrayView& a, std::size_t i, std::size_t j) {
  if (x.is_table()) return x.column(j).at(i);
  return a.ndim() == 1 ? a.at(i) : a.at(i, j);
}

template <class T>
void dense_numbers(const Piece& piece, std::size_t rows, T* out, std::size_t width) {
  const Input& x = piece.values;
  const std::size_t d = x.columns();
  const T weight = static_cast<T>(piece.weight.value_or(1.0));
  const auto scale = [&](T* row) {
    if (!piece.weight) return;
    for (std::size_t j = 0; j < d; ++j) row[j] *= weight;
  };
  if (x.is_csr()) {
    const CsrRows<T> csr(x.csr());
    for (std::size_t i = 0; i < rows; ++i) {
      T* row = out + i * width;
      std::fill(row, row + d, T(0));
      for (auto k = csr.indptr()[i]; k < csr.indptr()[i + 1]; ++k)
        row[csr.indices()[k]] += csr.data()[k];
      scale(row);
    }
    return;
  }
  const Matrix<T> m = to_matrix<T>(x);
  for (std::size_t i = 0; i < rows; ++i) {
    T* row = out + i * width;
    std::copy_n(m.row(i), d, row);
    scale(row);
  }
}

// Cells keep what they are; numbers of typed columns become Python numbers.
void dense_cells(const Piece& piece, std::size_t rows, skops_cell* out, std::size_t width,
                 Output& result) {
  const Input& x = piece.values;
  if (piece.weight) unsupported("weights of columns that are not numbers");
  if (x.is_csr()) unsupported("sparse results beside columns that are not numbers");
  const ArrayView a = x.is_table() ? ArrayView() : x.array();
  std::string text;
  for (std::size_t j = 0; j < x.columns(); ++j) {
    const ArrayView column = x.is_table() ? x.column(j) : a;
    for (std::size_t i = 0; i < rows; ++i) {
      skops_cell c = cell_at(column, cell(x, a, i, j), text);
      if (c.kind == SKOPS_CELL_STRING) c.as.string = result.keep(view(c.as.string));
      out[i * width + j] = c;
    }
  }
}

template <class T>
void dense(std::span<const Piece> pieces, std::size_t rows, std::size_t width, Output& out) {
  T* y = out.array<T>({rows, width});
  std::size_t at = 0;
  for (const Piece& piece : pieces) {
    if constexpr (std::is_same_v<T, skops_cell>) {
      dense_cells(piece, rows, y + at, width, out);
    } else if constexpr (std::is_same_v<T, bool>) {
      dense_numbers<unsigned char>(piece, rows, reinterpret_cast<unsigned char*>(y) + at, width);
    } else {
      dense_numbers<T>(piece, rows, y + at, width);
    }
    at += piece.values.columns();
  }
}

template <class T>
void csr(std::span<const Piece> pieces, std::size_t rows, std::size_t width, Output& out) {
  // Dense pieces become sparse first: their zeros are left out.
  struct Part {
    CsrRows<T> csr;
    Matrix<T> dense;
    bool is_csr;
    T weight;
    std::size_t columns;
  };
  std::vector<Part> parts;
  std::size_t nnz = 0;
  for (const Piece& piece : pieces) {
    Part& part = parts.emplace_back();
    part.is_csr = piece.values.is_csr();
    part.weight = static_cast<T>(piece.weight.value_or(1.0));
    part.columns = piece.values.columns();
    if (part.is_csr) {
      part.csr = CsrRows<T>(piece.values.csr());
      nnz += part.csr.nnz();
      continue;
    }
    part.dense = to_matrix<T>(piece.values);
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < part.columns; ++j) nnz += part.dense(i, j) != T(0);
    }
  }
  auto y = out.csr<T>(rows, width, nnz);
  std::size_t n = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    y.indptr[i] = static_cast<std::int32_t>(n);
    std::size_t offset = 0;
    for (const Part& part : parts) {
      const auto put = [&](std::size_t j, T value) {
        y.indices[n] = static_cast<std::int32_t>(offset + j);
        y.data[n++] = part.weight == T(1) ? value : value * part.weight;
      };
      if (part.is_csr) {
        for (auto k = part.csr.indptr()[i]; k < part.csr.indptr()[i + 1]; ++k) {
          put(static_cast<std::size_t>(part.csr.indices()[k]), part.csr.data()[k]);
        }
      } else {
        for (std::size_t j = 0; j < part.columns; ++j) {
          if (part.dense(i, j) != T(0)) put(j, part.dense(i, j));
        }
      }
      offset += part.columns;
    }
  }
  y.indptr[rows] = static_cast<std::int32_t>(n);
}

}  // namespace

void stack(std::span<const Piece> pieces, std::size_t rows, bool sparse, Output& out) {
  if (pieces.empty()) {
    out.array<double>({rows, 0});
    return;
  }
  Type type = type_of(pieces.front());
  std::size_t width = 0;
  for (const Piece& piece : pieces) {
    type = promote(type, type_of(piece));
    if (__builtin_add_overflow(width, piece.values.columns(), &width)) {
      bad_input("the columns of all transformers do not fit one matrix");
    }
    if (piece.values.rows() != rows) malformed("a transformer gave another number of rows");
  }
  if (sparse) {
    if (type.kind == 'O') {
      bad_input(
          "For a sparse output, all columns should be a numeric or convertible to a numeric.");
    }
    if (type.kind == 'f' && type.itemsize <= 4) return csr<float>(pieces, rows, width, out);
    if (type.kind == 'f') return csr<double>(pieces, rows, width, out);
    return csr<std::int64_t>(pieces, rows, width, out);
  }
  if (type.kind == 'O') return dense<skops_cell>(pieces, rows, width, out);
  const skops_dtype dtype = {
      sizeof dtype, static_cast<std::uint32_t>(type.kind), 0, type.itemsize, 0, nullptr};
  if (!with_type(dtype, [&](auto sample) { dense<decltype(sample)>(pieces, rows, width, out); })) {
    unsupported("results of this dtype cannot be put side by side");
  }
}

void pass_through(const Input& x, Output& out) {
  const Piece piece{x};
  stack({&piece, 1}, x.rows(), x.is_csr(), out);
}

}  // namespace skops_sklearn::meta
