// Tables in Arrow's IPC formats, file and stream (arrow.apache.org/docs/format/Columnar.html), with
// the meaning that pandas.read_feather gives them. Record batches are put together; compressed ones
// and deltas of dictionaries are refused.
//
// Columns are views of the file's bytes where these can be used as they are.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "data/arrow/column.hpp"
#include "data/arrow/schema.hpp"
#include "skops/array.hpp"

namespace skops_cli {

class ArrowTable {
 public:
  // `bytes` must live as long as the table. Throws skops::Error (input, code "data.arrow"; limit).
  explicit ArrowTable(std::string_view bytes);
  ArrowTable(const ArrowTable&) = delete;
  ArrowTable& operator=(const ArrowTable&) = delete;

  std::size_t rows() const { return rows_; }
  std::span<const skops::ColumnView> columns() const { return views_; }
  // The column that can be read as documents: the only one of texts; -1 for none.
  int document_column() const;
  std::span<const skops::Cell> texts(std::size_t column) const;

 private:
  std::size_t rows_ = 0;
  std::vector<ArrowField> fields_;
  std::deque<ArrowBatch> batches_;
  std::deque<std::vector<skops::Cell>> dictionaries_;
  ArrowColumns columns_;
  std::vector<skops::ColumnView> views_;
};

}  // namespace skops_cli
