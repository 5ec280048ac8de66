// Columns of an Arrow table, put together from its record batches.
//
// Numbers of one batch without nulls are used as they lie in the file, if they are aligned there.
// Nulls make integers float64 with NaN, and what is missing is NaN in columns of texts and None in
// those of bools and nulls, all as pandas.read_feather gives them. As in CSV, integers beyond 64
// bits with a sign make the column float64.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "data/arrow/batch.hpp"
#include "data/arrow/schema.hpp"
#include "skops/array.hpp"

namespace skops_cli {

// A piece of a column, and the values of its dictionary at that place of the file.
struct ArrowChunk {
  ArrowPiece piece;
  const std::vector<skops::Cell>* dictionary = nullptr;  // null where there was none
};

class ArrowColumns {
 public:
  // `size` of the file: what its columns may hold is in proportion to it.
  explicit ArrowColumns(std::size_t size);

  // The column in one piece; it lives as long as this and the file.
  skops::ArrayView join(const ArrowField& field, std::span<const ArrowChunk> chunks,
                        std::size_t rows);
  // The values of a dictionary, or the texts of a column, added to `out`.
  void read_texts(const ArrowField& field, const ArrowPiece& piece, std::vector<skops::Cell>& out);

 private:
  void read_indices(const ArrowField& field, const ArrowChunk& chunk,
                    std::vector<skops::Cell>& out);
  void count_text(std::size_t bytes);
  skops::ArrayView numbers(skops::Dtype dtype, std::span<const ArrowChunk> chunks,
                           std::size_t rows);
  skops::ArrayView booleans(std::span<const ArrowChunk> chunks, std::size_t rows);
  skops::ArrayView nulls(std::size_t rows);
  char* buffer(std::size_t items, std::size_t size);
  std::vector<skops::Cell>& cells(std::size_t rows);

  std::uint64_t text_bytes_left_;
  std::deque<std::vector<skops::Cell>> cells_;
  std::deque<std::unique_ptr<char[]>> buffers_;
  const std::vector<skops::Cell>* nulls_ = nullptr;  // all columns of nulls are one
};

}  // namespace skops_cli
