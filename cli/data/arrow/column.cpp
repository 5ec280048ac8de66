#include "data/arrow/column.hpp"

#include <cmath>
#include <limits>

#include "skops/error.hpp"
#include "utf8.hpp"

namespace skops_cli {
namespace {

using skops::Cell;
using Kind = ArrowType::Kind;

// Views and dictionaries let many cells be one text.
constexpr std::uint64_t most_repeated = 1024, always_room = std::uint64_t{64} << 20;

const Cell missing_text = Cell::of(std::numeric_limits<double>::quiet_NaN());

// f(T()) for the C++ type of a number; half floats are their bits.
template <class F>
auto with_type(skops::Dtype dtype, F&& f) {
  switch (dtype.kind << 8 | static_cast<int>(dtype.itemsize)) {
    case 'i' << 8 | 1: return f(std::int8_t());
    case 'i' << 8 | 2: return f(std::int16_t());
    case 'i' << 8 | 4: return f(std::int32_t());
    case 'i' << 8 | 8: return f(std::int64_t());
    case 'u' << 8 | 1: return f(std::uint8_t());
    case 'u' << 8 | 2: return f(std::uint16_t());
    case 'u' << 8 | 4: return f(std::uint32_t());
    case 'u' << 8 | 8: return f(std::uint64_t());
    case 'f' << 8 | 2: return f(std::uint16_t());
    case 'f' << 8 | 4: return f(float());
    default: return f(double());
  }
}

template <class T>
T item(std::string_view items, std::size_t k) {
  return load_number<T>(items, k * sizeof(T));
}

template <class T>
std::string_view text_between(const ArrowPiece& piece, std::size_t k, const ArrowField& field) {
  const auto from = item<T>(piece.buffers[1], k), to = item<T>(piece.buffers[1], k + 1);
  const std::string_view texts = piece.buffers[2];
  if (from < 0 || to < from || static_cast<std::uint64_t>(to) > texts.size()) {
    bad_arrow(named(field) + " has a text outside of its buffer");
  }
  return texts.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
}

// A view: the length, then the text if it has at most 12 bytes; else its first 4 bytes, the number
// of its buffer and the offset there.
std::string_view viewed_text(const ArrowPiece& piece, std::size_t k, const ArrowField& field) {
  const std::string_view view = piece.buffers[1].substr(16 * k, 16);
  const auto length = load_number<std::int32_t>(view, 0);
  if (length < 0) bad_arrow(named(field) + " has a text of negative length");
  const auto size = static_cast<std::size_t>(length);
  if (size <= 12) return view.substr(4, size);
  const auto buffer = load_number<std::int32_t>(view, 8),
             offset = load_number<std::int32_t>(view, 12);
  const std::size_t own = piece.buffers.size() - 2;
  if (buffer < 0 || static_cast<std::size_t>(buffer) >= own || offset < 0) {
    bad_arrow(named(field) + " has a text outside of its buffers");
  }
  const std::string_view texts = piece.buffers[2 + static_cast<std::size_t>(buffer)];
  const auto from = static_cast<std::size_t>(offset);
  if (from > texts.size() || size > texts.size() - from) {
    bad_arrow(named(field) + " has a text outside of its buffers");
  }
  return texts.substr(from, size);
}

skops::ArrayView view_of(const void* data, skops::Dtype dtype, std::size_t rows) {
  skops::ArrayView out;
  out.data = data;
  out.dtype = dtype;
  out.ndim = 1;
  out.shape[0] = static_cast<std::int64_t>(rows);
  out.strides[0] = dtype.itemsize;
  return out;
}

skops::ArrayView view_of(const std::vector<Cell>& cells) {
  return view_of(cells.data(), {'O', sizeof(Cell)}, cells.size());
}

// Integers beyond 63 bits, which cells do not hold.
bool has_large(skops::Dtype dtype, std::span<const ArrowChunk> chunks) {
  if (!(dtype == skops::dtype_of<std::uint64_t>)) return false;
  for (const ArrowChunk& chunk : chunks) {
    for (std::size_t k = 0; k < chunk.piece.rows; ++k) {
      if (item<std::uint64_t>(chunk.piece.buffers[1], k) > INT64_MAX) return true;
    }
  }
  return false;
}

bool has_nulls(std::span<const ArrowChunk> chunks) {
  for (const ArrowChunk& chunk : chunks) {
    if (chunk.piece.nulls != 0) return true;
  }
  return false;
}

}  // namespace

ArrowColumns::ArrowColumns(std::size_t size)
    : text_bytes_left_(always_room + most_repeated * size) {}

char* ArrowColumns::buffer(std::size_t items, std::size_t size) {
  return buffers_.emplace_back(std::make_unique_for_overwrite<char[]>(items * size)).get();
}

std::vector<Cell>& ArrowColumns::cells(std::size_t rows) {
  cells_.emplace_back().reserve(rows);
  return cells_.back();
}

void ArrowColumns::count_text(std::size_t bytes) {
  if (bytes > text_bytes_left_) {
    throw skops::Error(skops::Family::limit, "limit.arrow_text",
                       "its rows repeat texts to more than " + std::to_string(most_repeated) +
                           " times the size of the file",
                       {}, "give fewer rows at a time");
  }
  text_bytes_left_ -= bytes;
}

void ArrowColumns::read_texts(const ArrowField& field, const ArrowPiece& piece,
                              std::vector<Cell>& out) {
  for (std::size_t k = 0; k < piece.rows; ++k) {
    if (piece.is_null(k)) {
      out.push_back(missing_text);
      continue;
    }
    std::string_view text;
    if (field.type.kind == Kind::text) {
      text = text_between<std::int32_t>(piece, k, field);
    } else if (field.type.kind == Kind::large_text) {
      text = text_between<std::int64_t>(piece, k, field);
    } else {
      text = viewed_text(piece, k, field);
      count_text(text.size());
    }
    if (find_invalid_utf8(text) != text.npos) {
      bad_arrow(named(field) + " has a text that is not valid UTF-8");
    }
    out.push_back(Cell::of(text));
  }
}

void ArrowColumns::read_indices(const ArrowField& field, const ArrowChunk& chunk,
                                std::vector<Cell>& out) {
  const ArrowPiece& piece = chunk.piece;
  const std::size_t known = chunk.dictionary == nullptr ? 0 : chunk.dictionary->size();
  with_type(field.index, [&]<class T>(T) {
    for (std::size_t k = 0; k < piece.rows; ++k) {
      if (piece.is_null(k)) {
        out.push_back(missing_text);
        continue;
      }
      const T index = item<T>(piece.buffers[1], k);
      // What is negative is large without its sign.
      const auto at = static_cast<std::uint64_t>(static_cast<std::int64_t>(index));
      if (at >= known) {
        bad_arrow(named(field) + " has index " + std::to_string(index) + " in a dictionary of " +
                  std::to_string(known) + " texts");
      }
      const Cell& cell = (*chunk.dictionary)[at];
      if (cell.kind == Cell::Kind::string) count_text(cell.text().size());
      out.push_back(cell);
    }
  });
}

skops::ArrayView ArrowColumns::numbers(skops::Dtype dtype, std::span<const ArrowChunk> chunks,
                                       std::size_t rows) {
  const bool nulls = has_nulls(chunks);
  const bool widen = (nulls && dtype.kind != 'f') || has_large(dtype, chunks);
  if (!nulls && !widen && chunks.size() == 1) {
    const char* items = chunks.front().piece.buffers[1].data();
    if (reinterpret_cast<std::uintptr_t>(items) % dtype.itemsize == 0) {
      return view_of(items, dtype, rows);
    }
  }
  const skops::Dtype to = widen ? skops::dtype_of<double> : dtype;
  char* const own = buffer(rows, to.itemsize);
  char* at = own;
  with_type(dtype, [&]<class T>(T) {
    T nan{};
    if constexpr (std::is_floating_point_v<T>) nan = std::numeric_limits<T>::quiet_NaN();
    if constexpr (std::is_same_v<T, std::uint16_t>) nan = 0x7e00;  // of a half float
    for (const ArrowChunk& chunk : chunks) {
      const ArrowPiece& piece = chunk.piece;
      const std::string_view items = piece.buffers[1];
      if (piece.rows == 0) continue;
      if (!widen) std::memcpy(at, items.data(), piece.rows * sizeof(T));
      for (std::size_t k = 0; widen && k < piece.rows; ++k) {
        const double value = piece.is_null(k) ? std::numeric_limits<double>::quiet_NaN()
                                              : static_cast<double>(item<T>(items, k));
        std::memcpy(at + k * sizeof value, &value, sizeof value);
      }
      for (std::size_t k = 0; !widen && piece.nulls != 0 && k < piece.rows; ++k) {
        if (piece.is_null(k)) std::memcpy(at + k * sizeof(T), &nan, sizeof(T));
      }
      at += piece.rows * to.itemsize;
    }
  });
  return view_of(own, to, rows);
}

skops::ArrayView ArrowColumns::booleans(std::span<const ArrowChunk> chunks, std::size_t rows) {
  if (has_nulls(chunks)) {
    std::vector<Cell>& out = cells(rows);
    for (const ArrowChunk& chunk : chunks) {
      for (std::size_t k = 0; k < chunk.piece.rows; ++k) {
        out.push_back(
            chunk.piece.is_null(k) ? Cell() : Cell::of(ArrowPiece::bit(chunk.piece.buffers[1], k)));
      }
    }
    return view_of(out);
  }
  char* const own = buffer(rows, 1);
  char* at = own;
  for (const ArrowChunk& chunk : chunks) {
    for (std::size_t k = 0; k < chunk.piece.rows; ++k) {
      *at++ = ArrowPiece::bit(chunk.piece.buffers[1], k) ? 1 : 0;
    }
  }
  return view_of(own, skops::dtype_of<bool>, rows);
}

skops::ArrayView ArrowColumns::nulls(std::size_t rows) {
  if (nulls_ == nullptr) nulls_ = &cells_.emplace_back(rows);
  return view_of(*nulls_);
}

skops::ArrayView ArrowColumns::join(const ArrowField& field, std::span<const ArrowChunk> chunks,
                                    std::size_t rows) {
  if (field.dictionary || field.type.is_text()) {
    std::vector<Cell>& out = cells(rows);
    for (const ArrowChunk& chunk : chunks) {
      if (field.dictionary) {
        read_indices(field, chunk, out);
      } else {
        read_texts(field, chunk.piece, out);
      }
    }
    return view_of(out);
  }
  switch (field.type.kind) {
    case Kind::boolean: return booleans(chunks, rows);
    case Kind::number: return numbers(field.type.dtype, chunks, rows);
    default: return nulls(rows);
  }
}

}  // namespace skops_cli
