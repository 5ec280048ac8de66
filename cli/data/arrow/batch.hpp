// Record batches: the buffers of each column, every one checked to lie inside the message's body
// and to be as long as the column needs. What is inside the buffers is checked by those who read
// them.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "data/arrow/flat_table.hpp"
#include "data/arrow/schema.hpp"

namespace skops_cli {

// What one batch says of one column. The buffers, by the type of its storage:
//   null        none
//   bool        validity (a bit a row; empty where nothing is null), a bit a row
//   number      validity, an item a row
//   text        validity, rows + 1 offsets of 4 (large: 8) bytes, the texts
//   text view   validity, 16 bytes a row, any number of buffers with texts
struct ArrowPiece {
  std::size_t rows = 0, nulls = 0;
  std::span<const std::string_view> buffers;

  bool is_null(std::size_t k) const { return nulls != 0 && !bit(buffers[0], k); }
  static bool bit(std::string_view bits, std::size_t k) {
    return (static_cast<unsigned char>(bits[k / 8]) >> (k % 8)) & 1;
  }
};

struct ArrowBatch {
  std::size_t rows = 0;
  std::vector<std::string_view> buffers;
  std::vector<ArrowPiece> pieces;  // one a column, views of `buffers`
};

// `batch` is the table RecordBatch, `body` what follows its message. `of_dictionary`: the one
// column holds the values of that field's dictionary.
ArrowBatch read_arrow_batch(const FlatTable& batch, std::string_view body,
                            std::span<const ArrowField> fields, bool of_dictionary = false);

}  // namespace skops_cli
