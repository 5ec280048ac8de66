#include "data/csv.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include "data/csv_number.hpp"
#include "data/documents.hpp"
#include "skops/error.hpp"
#include "utf8.hpp"

namespace skops_cli {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// So many rows tell how many there will be.
constexpr std::size_t sample = 256;

bool ends_cell(char c) {
  return c == ',' || c == '\n' || c == '\r';
}

}  // namespace

struct Csv::Cursor {
  const char* at;
  const char* end;
};

void Csv::bad(const char* at, const std::string& text, const char* remedy) const {
  const auto line = 1 + std::count(bytes_.data(), at, '\n');
  throw skops::Error(skops::Family::input, "data.csv", "line " + std::to_string(line) + ": " + text,
                     {}, remedy);
}

Csv::Csv(std::string_view bytes) : bytes_(skip_byte_order_mark(bytes, "data.csv")) {
  Cursor at{bytes_.data(), bytes_.data() + bytes_.size()};
  skip_blank_lines(at);
  if (at.at == at.end) {
    throw skops::Error(skops::Family::input, "data.csv", "the file is empty", {},
                       "a CSV file begins with a row of column names");
  }
  read_header(at);
  body_ = at.at;
  read_rows(at);
  finish();
}

// Lines without a cell, and those of blanks alone.
void Csv::skip_blank_lines(Cursor& at) {
  for (;;) {
    const char* p = at.at;
    while (p != at.end && (*p == ' ' || *p == '\t')) ++p;
    if (p == at.end) {
      at.at = p;
      return;
    }
    if (*p != '\n' && *p != '\r') return;
    at.at = p + 1;
  }
}

// Moves behind what ends a cell; true where that ends the record, too.
bool Csv::end_cell(Cursor& at) const {
  if (at.at == at.end) return true;
  const char c = *at.at++;
  if (c == ',') return false;
  if (c == '\r' && at.at != at.end && *at.at == '\n') ++at.at;
  return true;
}

Csv::Found Csv::next_quoted(Cursor& at) {
  const char* const open = at.at++;
  const char* begin = at.at;
  std::string* joined = nullptr;
  for (;;) {
    const void* found = std::memchr(at.at, '"', static_cast<std::size_t>(at.end - at.at));
    if (found == nullptr) bad(open, "a quote is opened and never closed", "close it");
    const char* quote = static_cast<const char*>(found);
    at.at = quote + 1;
    const bool doubled = at.at != at.end && *at.at == '"';
    if (!doubled && joined == nullptr) {
      if (at.at != at.end && !ends_cell(*at.at)) break;
      return {{begin, static_cast<std::size_t>(quote - begin)}, end_cell(at)};
    }
    if (joined == nullptr) joined = &unescaped_.emplace_back();
    joined->append(begin, quote);
    if (!doubled) {
      if (at.at != at.end && !ends_cell(*at.at)) break;
      return {*joined, end_cell(at)};
    }
    begin = at.at++;  // the second quote is part of the text
  }
  bad(at.at, "text follows a closing quote", "double the quotes inside a quoted cell");
}

Csv::Found Csv::next_cell(Cursor& at) {
  if (at.at != at.end && *at.at == '"') return next_quoted(at);
  const char* begin = at.at;
  const char* p = begin;
  while (p != at.end && !ends_cell(*p)) ++p;
  at.at = p;
  return {{begin, static_cast<std::size_t>(p - begin)}, end_cell(at)};
}

void Csv::read_header(Cursor& at) {
  const char* const start = at.at;
  std::set<std::string_view> seen;
  for (bool last = false; !last;) {
    const Found cell = next_cell(at);
    last = cell.last;
    if (find_invalid_utf8(cell.text) != cell.text.npos) {
      bad(start, "a column name is not valid UTF-8", "save the file as UTF-8");
    }
    Column& column = columns_.emplace_back();
    // As pandas calls them; an index that was written without a name is the usual one.
    column.name = cell.text.empty() ? "Unnamed: " + std::to_string(columns_.size() - 1)
                                    : std::string(cell.text);
  }
  for (const Column& column : columns_) {
    if (!seen.insert(column.name).second) {
      bad(start, "two columns are called '" + column.name + "'", "give each its own name");
    }
  }
  const std::string& only = columns_.front().name;
  if (columns_.size() == 1 && *start != '"' && only.find_first_of(";\t") != only.npos) {
    bad(start, "the header has no comma, but a semicolon or tab",
        "separate the cells by commas (or put the one name in quotes)");
  }
}

void Csv::put_missing(Column& column) {
  ++column.rows;
  ++column.missing;
  if (column.kind == Kind::integer) make_real(column);
  if (column.kind == Kind::real) column.reals.push_back(nan);
  if (column.kind == Kind::text || column.kind == Kind::boolean) {
    column.cells.push_back(skops::Cell::of(nan));
  }
}

void Csv::make_real(Column& column) {
  column.kind = Kind::real;
  column.reals.reserve(column.integers.capacity());
  column.reals.assign(column.integers.begin(), column.integers.end());
  column.integers = {};
}

void Csv::put_integer(Column& column, std::int64_t value) {
  if (column.kind == Kind::integer) {
    ++column.rows;
    column.integers.push_back(value);
    return;
  }
  if (column.kind == Kind::missing && column.rows == 0) {
    column.kind = Kind::integer;
    put_integer(column, value);
    return;
  }
  put_real(column, static_cast<double>(value));
}

void Csv::put_real(Column& column, double value) {
  if (column.kind == Kind::integer) make_real(column);
  if (column.kind == Kind::missing) {
    column.kind = Kind::real;
    column.reals.assign(column.rows, nan);
  }
  ++column.rows;
  column.reals.push_back(value);
}

// A cell that is no number, or one of a column that is not of numbers.
void Csv::put(Column& column, std::string_view text, const char* at) {
  const char *begin = text.data(), *end = begin + text.size();
  if (column.kind != Kind::text && column.kind != Kind::boolean) {
    const CsvNumber number = read_csv_number(begin, end);
    if (number.kind != CsvNumber::Kind::none && number.end == end) {
      if (number.kind == CsvNumber::Kind::integer) return put_integer(column, number.integer);
      return put_real(column, number.real);
    }
  }
  if (is_csv_missing(begin, end)) return put_missing(column);
  if (find_invalid_utf8(text) != text.npos) {
    bad(at, "a text is not valid UTF-8", "save the file as UTF-8");
  }
  if (column.kind == Kind::missing || column.kind == Kind::boolean) {
    const int truth = read_csv_boolean(begin, end);
    if (truth >= 0) {
      if (column.kind == Kind::missing) column.cells.assign(column.rows, skops::Cell::of(nan));
      column.kind = Kind::boolean;
      column.cells.push_back(skops::Cell::of(truth == 1));
      ++column.rows;
      return;
    }
  }
  if (column.kind != Kind::text) {
    // What was read of it so far has to become the texts that stand there.
    column.read_again = column.missing == column.rows ? 0 : column.rows;
    column.cells.assign(column.rows, skops::Cell::of(nan));
    column.kind = Kind::text;
    column.integers = {};
    column.reals = {};
  }
  column.cells.push_back(skops::Cell::of(text));
  ++column.rows;
}

void Csv::read_rows(Cursor at) {
  const std::size_t width = columns_.size();
  for (skip_blank_lines(at); at.at != at.end; skip_blank_lines(at)) {
    const char* const start = at.at;
    std::size_t j = 0;
    for (bool last = false; !last; ++j) {
      if (j == width) {
        bad(start, "more cells than the " + std::to_string(width) + " columns of the header",
            "put cells that hold commas in quotes");
      }
      Column& column = columns_[j];
      // Numbers find their own end.
      if (column.kind != Kind::text && column.kind != Kind::boolean) {
        const CsvNumber number = read_csv_number(at.at, at.end);
        if (number.kind != CsvNumber::Kind::none &&
            (number.end == at.end || ends_cell(*number.end))) {
          if (number.kind == CsvNumber::Kind::integer) {
            put_integer(column, number.integer);
          } else {
            put_real(column, number.real);
          }
          at.at = number.end;
          last = end_cell(at);
          continue;
        }
      }
      const Found cell = next_cell(at);
      last = cell.last;
      put(column, cell.text, start);
    }
    if (j != width) {
      bad(start,
          std::to_string(j) + (j == 1 ? " cell" : " cells") + ", but the header has " +
              std::to_string(width) + " columns",
          "give every row as many cells as the header");
    }
    if (++rows_ == sample)
      reserve(static_cast<std::size_t>(at.end - at.at), static_cast<std::size_t>(at.at - body_));
  }
}

// Room for as many rows as there will be if they go on like the first ones.
void Csv::reserve(std::size_t left, std::size_t seen) {
  const std::size_t rows =
      sample + static_cast<std::size_t>(1.02 * static_cast<double>(sample) *
                                        static_cast<double>(left) / static_cast<double>(seen));
  for (Column& column : columns_) {
    if (column.kind == Kind::integer) column.integers.reserve(rows);
    if (column.kind == Kind::real) column.reals.reserve(rows);
    if (column.kind == Kind::text || column.kind == Kind::boolean) column.cells.reserve(rows);
  }
}

// The first counts[j] cells of column j once more, as texts, into *targets[j] (null: not wanted).
void Csv::read_again(const std::vector<std::vector<skops::Cell>*>& targets,
                     const std::vector<std::size_t>& counts) {
  const std::size_t most = *std::max_element(counts.begin(), counts.end());
  Cursor at{body_, bytes_.data() + bytes_.size()};
  for (std::size_t i = 0; i < most; ++i) {
    skip_blank_lines(at);
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      const Found cell = next_cell(at);
      const char *begin = cell.text.data(), *end = begin + cell.text.size();
      if (i < counts[j]) {
        (*targets[j])[i] =
            is_csv_missing(begin, end) ? skops::Cell::of(nan) : skops::Cell::of(cell.text);
      }
    }
  }
}

void Csv::finish() {
  std::vector<std::vector<skops::Cell>*> targets(columns_.size());
  std::vector<std::size_t> counts(columns_.size());
  for (std::size_t j = 0; j < columns_.size(); ++j) {
    targets[j] = &columns_[j].cells;
    counts[j] = columns_[j].read_again;
  }
  read_again(targets, counts);
  for (Column& column : columns_) {
    if (column.kind == Kind::missing) column.reals.assign(rows_, nan);
    if (column.kind == Kind::boolean && column.missing == 0) {
      column.booleans.reserve(rows_);
      for (const skops::Cell& cell : column.cells) column.booleans.push_back(cell.as.integer != 0);
    }
    skops::ArrayView view;
    view.ndim = 1;
    view.shape[0] = static_cast<std::int64_t>(rows_);
    const auto set = [&](const void* data, skops::Dtype dtype) {
      view.data = data;
      view.dtype = dtype;
      view.strides[0] = dtype.itemsize;
    };
    if (column.kind == Kind::integer) {
      set(column.integers.data(), skops::dtype_of<std::int64_t>);
    } else if (column.kind == Kind::text || (column.kind == Kind::boolean && column.missing != 0)) {
      set(column.cells.data(), {'O', sizeof(skops::Cell)});
    } else if (column.kind == Kind::boolean) {
      set(column.booleans.data(), skops::dtype_of<bool>);
    } else {
      set(column.reals.data(), skops::dtype_of<double>);
    }
    views_.push_back({column.name, view});
  }
}

int Csv::document_column() const {
  if (columns_.size() == 1) return 0;
  int found = -1;
  for (std::size_t j = 0; j < columns_.size(); ++j) {
    if (columns_[j].kind != Kind::text) continue;
    if (found >= 0) return -1;
    found = static_cast<int>(j);
  }
  return found;
}

std::vector<skops::Cell> Csv::texts(std::size_t column) {
  std::vector<skops::Cell> out = columns_[column].cells;
  if (columns_[column].kind == Kind::text) return out;
  out.assign(rows_, skops::Cell());
  std::vector<std::vector<skops::Cell>*> targets(columns_.size());
  std::vector<std::size_t> counts(columns_.size());
  targets[column] = &out;
  counts[column] = rows_;
  read_again(targets, counts);
  return out;
}

}  // namespace skops_cli
