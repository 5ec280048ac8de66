// Tables in CSV (RFC 4180, UTF-8), with the meaning that pandas.read_csv gives them.
//
//   age,colour          the header names the columns
//   42,"dark, blue"     int64 where all cells are integers, float64 where all are numbers, bool
//   where ,red                all are true or false; anything else is text; empty cells are missing
//   (NaN)
//
// Missing are also NA, NaN, null and what else pandas takes for it. Blank lines are skipped.
// Stricter than pandas: every row has as many cells as the header, names are unique, nothing
// follows a closing quote. One pass over the bytes; texts are views of them.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "skops/array.hpp"

namespace skops_cli {

class Csv {
 public:
  // `bytes` must live as long as the table. Throws skops::Error (input, code "data.csv") with the
  // line.
  explicit Csv(std::string_view bytes);
  Csv(const Csv&) = delete;
  Csv& operator=(const Csv&) = delete;

  std::size_t rows() const { return rows_; }
  std::span<const skops::ColumnView> columns() const { return views_; }
  // The column that can be read as documents: the only one, or the only one of texts; -1 for none.
  int document_column() const;
  // Its cells as they stand in the file, missing ones as NaN.
  std::vector<skops::Cell> texts(std::size_t column);

 private:
  enum class Kind { missing, boolean, integer, real, text };
  struct Column {
    std::string name;
    Kind kind = Kind::missing;
    std::size_t rows = 0, missing = 0;
    std::size_t read_again = 0;  // the first so many rows were taken for something else than text
    std::vector<std::int64_t> integers;
    std::vector<double> reals;
    std::vector<skops::Cell> cells;  // of booleans and texts
    std::vector<char> booleans;
  };
  struct Cursor;
  struct Found {
    std::string_view text;
    bool last = false;  // of its record
  };

  [[noreturn]] void bad(const char* at, const std::string& text, const char* remedy) const;
  void read_header(Cursor& at);
  void read_rows(Cursor at);
  void reserve(std::size_t left, std::size_t seen);
  // The text of the cell at the cursor, which moves behind it.
  Found next_cell(Cursor& at);
  Found next_quoted(Cursor& at);
  bool end_cell(Cursor& at) const;
  static void skip_blank_lines(Cursor& at);
  void put(Column& column, std::string_view text, const char* at);
  void put_missing(Column& column);
  void put_integer(Column& column, std::int64_t value);
  void put_real(Column& column, double value);
  static void make_real(Column& column);
  void read_again(const std::vector<std::vector<skops::Cell>*>& targets,
                  const std::vector<std::size_t>& counts);
  void finish();

  std::string_view bytes_;
  const char* body_ = nullptr;  // where the rows begin
  std::size_t rows_ = 0;
  std::vector<Column> columns_;
  std::deque<std::string> unescaped_;
  std::vector<skops::ColumnView> views_;
};

}  // namespace skops_cli
