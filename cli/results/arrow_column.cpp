#include "results/arrow_column.hpp"

#include <cmath>
#include <cstring>

#include "skops/error.hpp"
#include "utf8.hpp"

namespace skops_cli {
namespace {

using skops::Cell;

[[noreturn]] void no_form(const char* code, const std::string& text, const char* remedy) {
  throw skops::Error(skops::Family::unsupported, code, text, {}, remedy);
}

const Cell& cell(const ArrowSource& source, std::size_t k) {
  return static_cast<const Cell*>(source.array->data())[source.item(k)];
}

bool is_nan(const Cell& cell) {
  return cell.kind == Cell::Kind::real && std::isnan(cell.as.real);
}

bool is_missing(const Cell& cell) {
  return cell.kind == Cell::Kind::none || cell.kind == Cell::Kind::missing;
}

void pad(OutFile& out, std::size_t length) {
  out.write(std::string_view("\0\0\0\0\0\0\0", 7).substr(0, (8 - length % 8) % 8));
}

template <class T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

}  // namespace

ArrowColumn::ArrowColumn(const ArrowSource& source, const std::string& name)
    : source_(source), field_{name, ArrowForm::number, source.array->dtype()} {
  const skops::Dtype dtype = field_.dtype;
  if (dtype.kind == 'b') {
    field_.form = ArrowForm::boolean;
  } else if (dtype.kind == 'U') {
    field_.form = ArrowForm::text;
    count_texts();
  } else if (dtype.kind == 'O') {
    find_form_of_cells();
  } else if ((dtype.kind != 'f' && dtype.kind != 'i' && dtype.kind != 'u') || dtype.itemsize > 8) {
    no_form("output.dtype", "Arrow has no type for a result of dtype '" + dtype.name() + "'",
            "write it as .npy");
  }
}

void ArrowColumn::find_form_of_cells() {
  std::size_t booleans = 0, integers = 0, reals = 0, nans = 0, texts = 0;
  for (std::size_t k = 0; k < source_.rows; ++k) {
    const Cell& own = cell(source_, k);
    switch (own.kind) {
      case Cell::Kind::boolean: ++booleans; break;
      case Cell::Kind::integer: ++integers; break;
      case Cell::Kind::real: ++(std::isnan(own.as.real) ? nans : reals); break;
      case Cell::Kind::string: ++texts; break;
      case Cell::Kind::none:
      case Cell::Kind::missing: ++nulls_; break;
      case Cell::Kind::other:
        no_form("output.object", "the result holds an object that is neither a number nor a text",
                "use Python");
    }
  }
  const std::size_t numbers = integers + reals;
  if ((texts != 0) + (booleans != 0) + (numbers != 0) > 1) {
    no_form("output.object",
            "column '" + field_.name +
                "' of the result mixes texts, bools or numbers, for which "
                "Arrow has no type",
            "write it as .csv");
  }
  if (texts != 0 || booleans != 0) {
    nulls_ += nans;
    field_.form = texts != 0 ? ArrowForm::text : ArrowForm::boolean;
    if (texts != 0) count_texts();
  } else if (numbers + nans != 0) {
    field_.dtype = reals + nans != 0 ? skops::dtype_of<double> : skops::dtype_of<std::int64_t>;
  } else {
    field_.form = ArrowForm::null;
  }
}

void ArrowColumn::count_texts() {
  std::string room;
  for (std::size_t k = 0; k < source_.rows; ++k) {
    if (is_null(k)) continue;
    const std::string_view own = text(k, room);
    if (find_invalid_utf8(own) != own.npos) {
      no_form("output.object", "a text of the result is not valid Unicode", "write it as .npy");
    }
    text_bytes_ += own.size();
  }
  if (text_bytes_ > INT32_MAX) field_.form = ArrowForm::large_text;
}

std::string_view ArrowColumn::text(std::size_t k, std::string& room) const {
  if (source_.array->dtype().kind == 'O') return cell(source_, k).text();
  room = source_.array->text(source_.item(k));
  return room;
}

bool ArrowColumn::is_null(std::size_t k) const {
  if (source_.array->dtype().kind != 'O') return false;
  const Cell& own = cell(source_, k);
  return is_missing(own) || (field_.form != ArrowForm::number && is_nan(own));
}

std::vector<std::size_t> ArrowColumn::lengths() const {
  const std::size_t n = source_.rows, bits = n / 8 + (n % 8 != 0);
  const std::size_t validity = nulls_ == 0 ? 0 : bits;
  switch (field_.form) {
    case ArrowForm::null: return {};
    case ArrowForm::boolean: return {validity, bits};
    case ArrowForm::number: return {validity, n * field_.dtype.itemsize};
    case ArrowForm::text: return {validity, (n + 1) * sizeof(std::int32_t), text_bytes_};
    case ArrowForm::large_text: break;
  }
  return {validity, (n + 1) * sizeof(std::int64_t), text_bytes_};
}

template <class F>
void ArrowColumn::write_bits(OutFile& out, F&& bit) const {
  std::string bytes(source_.rows / 8 + (source_.rows % 8 != 0), '\0');
  for (std::size_t k = 0; k < source_.rows; ++k) {
    if (bit(k)) bytes[k / 8] = static_cast<char>(bytes[k / 8] | 1 << (k % 8));
  }
  out.write(bytes);
  pad(out, bytes.size());
}

void ArrowColumn::write_numbers(OutFile& out) const {
  const std::size_t size = field_.dtype.itemsize;
  if (source_.array->dtype().kind == 'O') {
    for (std::size_t k = 0; k < source_.rows; ++k) {
      const Cell& own = cell(source_, k);
      const bool whole = own.kind == Cell::Kind::integer;
      if (field_.dtype.kind == 'i') {
        out.write(bytes_of(whole ? own.as.integer : std::int64_t{0}));
      } else {
        const double other = own.kind == Cell::Kind::real ? own.as.real : 0.0;
        out.write(bytes_of(whole ? static_cast<double>(own.as.integer) : other));
      }
    }
  } else {
    const char* items = static_cast<const char*>(source_.array->data());
    for (std::size_t k = 0; k < source_.rows; ++k) {
      out.write({items + source_.item(k) * size, size});
    }
  }
  pad(out, source_.rows * size);
}

template <class Offset>
void ArrowColumn::write_texts(OutFile& out) const {
  std::string room;
  Offset end = 0;
  out.write(bytes_of(end));
  for (std::size_t k = 0; k < source_.rows; ++k) {
    if (!is_null(k)) end += static_cast<Offset>(text(k, room).size());
    out.write(bytes_of(end));
  }
  pad(out, (source_.rows + 1) * sizeof end);
  for (std::size_t k = 0; k < source_.rows; ++k) {
    if (!is_null(k)) out.write(text(k, room));
  }
  pad(out, text_bytes_);
}

void ArrowColumn::write(OutFile& out) const {
  if (field_.form == ArrowForm::null) return;
  if (nulls_ != 0) write_bits(out, [&](std::size_t k) { return !is_null(k); });
  switch (field_.form) {
    case ArrowForm::boolean:
      return write_bits(out, [&](std::size_t k) {
        if (source_.array->dtype().kind != 'O') {
          return static_cast<const char*>(source_.array->data())[source_.item(k)] != 0;
        }
        const Cell& own = cell(source_, k);
        return own.kind == Cell::Kind::boolean && own.as.integer != 0;
      });
    case ArrowForm::number: return write_numbers(out);
    case ArrowForm::text: return write_texts<std::int32_t>(out);
    case ArrowForm::large_text: return write_texts<std::int64_t>(out);
    case ArrowForm::null: return;
  }
}

}  // namespace skops_cli
