#include "arrow.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>

#include "input.hpp"
#include "skops/error.hpp"

extern "C" {
struct ArrowSchema {
  const char *format, *name, *metadata;
  std::int64_t flags, n_children;
  ArrowSchema **children, *dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  std::int64_t length, null_count, offset, n_buffers, n_children;
  const void** buffers;
  ArrowArray **children, *dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};
struct ArrowArrayStream {
  int (*get_schema)(ArrowArrayStream*, ArrowSchema*);
  int (*get_next)(ArrowArrayStream*, ArrowArray*);
  const char* (*get_last_error)(ArrowArrayStream*);
  void (*release)(ArrowArrayStream*);
  void* private_data;
};
}

namespace skops_python {
namespace {

using skops::Cell;

[[noreturn]] void bad(std::string text) {
  throw skops::Error(skops::Family::input, "input.arrow", std::move(text));
}

template <class T>
struct Owned {
  T value{};
  ~Owned() {
    if (value.release) value.release(&value);
  }
  Owned() = default;
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
};

// Part of an array: what a chunk of a table says of one column.
struct Piece {
  const ArrowArray* array;
  std::int64_t offset, length;

  const std::uint8_t* validity() const {
    return array->null_count == 0 ? nullptr : static_cast<const std::uint8_t*>(array->buffers[0]);
  }
  template <class T>
  const T* buffer(std::int64_t k) const {
    return static_cast<const T*>(array->buffers[k]);
  }
};

bool bit(const std::uint8_t* bits, std::int64_t k) {
  return (bits[k / 8] >> (k % 8)) & 1;
}

bool is_null(const Piece& p, std::int64_t k) {
  const std::uint8_t* valid = p.validity();
  return valid != nullptr && !bit(valid, p.offset + k);
}

bool has_nulls(const Piece& p) {
  for (std::int64_t k = 0; p.validity() != nullptr && k < p.length; ++k) {
    if (is_null(p, k)) return true;
  }
  return false;
}

// The part [offset, offset + length) of `array`, whose first `buffers` buffers are there.
Piece piece_of(const ArrowArray* array, std::int64_t offset, std::int64_t length,
               std::int64_t buffers) {
  if (array == nullptr || length < 0 || offset < 0 || array->offset < 0 || array->length < 0 ||
      array->length - offset < length) {
    bad("an Arrow array is shorter than it says");
  }
  if (array->n_buffers < buffers || (buffers > 0 && array->buffers == nullptr)) {
    bad("an Arrow array lacks buffers");
  }
  for (std::int64_t k = 1; length > 0 && k < buffers; ++k) {
    // A buffer of texts may be absent where all of them are empty.
    if (array->buffers[k] == nullptr && k != 2) bad("an Arrow array lacks buffers");
  }
  return {array, array->offset + offset, length};
}

// NumPy's name for a format of fixed width; kind 0 for all others.
skops::Dtype number_dtype(std::string_view format) {
  switch (format.size() == 1 ? format[0] : '?') {
    case 'c': return {'i', 1};
    case 'C': return {'u', 1};
    case 's': return {'i', 2};
    case 'S': return {'u', 2};
    case 'i': return {'i', 4};
    case 'I': return {'u', 4};
    case 'l': return {'i', 8};
    case 'L': return {'u', 8};
    case 'e': return {'f', 2};
    case 'f': return {'f', 4};
    case 'g': return {'f', 8};
    default: return {0, 0};
  }
}

bool is_text(std::string_view format) {
  return format == "u" || format == "U" || format == "vu";
}

template <class T>
std::string_view text_at(const Piece& p, std::int64_t at) {
  const T *offsets = p.buffer<T>(1), from = offsets[at], to = offsets[at + 1];
  if (from < 0 || to < from) bad("the offsets of an Arrow column of texts decrease");
  if (from == to) return {};
  return {p.buffer<char>(2) + from, static_cast<std::size_t>(to - from)};
}

// A view is 16 bytes: the length, then up to 12 bytes of text, or a prefix of 4 bytes, the number
// of a buffer and the offset in it.
std::string_view viewed_text(const Piece& p, std::int64_t at) {
  const char* view = p.buffer<char>(1) + 16 * at;
  std::int32_t head[4];
  std::memcpy(head, view, 16);
  if (head[0] < 0) bad("an Arrow text has a negative length");
  const auto size = static_cast<std::size_t>(head[0]);
  if (size <= 12) return {view + 4, size};
  // Buffers: validity, views, the texts' own, their sizes.
  const std::int64_t own = p.array->n_buffers - 3;
  if (head[2] < 0 || head[2] >= own || head[3] < 0 ||
      head[3] + std::int64_t{head[0]} > p.buffer<std::int64_t>(p.array->n_buffers - 1)[head[2]]) {
    bad("an Arrow text lies outside of its buffer");
  }
  return {p.buffer<char>(2 + head[2]) + head[3], size};
}

std::string_view text(const Piece& p, std::int64_t k, std::string_view format) {
  const std::int64_t at = p.offset + k;
  if (format == "u") return text_at<std::int32_t>(p, at);
  return format == "U" ? text_at<std::int64_t>(p, at) : viewed_text(p, at);
}

// Buffers of texts that must be there: views may hold all texts themselves.
constexpr std::int64_t text_buffers(std::string_view format) {
  return format == "vu" ? 2 : 3;
}

template <class T>
double read_number(const Piece& p, std::int64_t k) {
  return static_cast<double>(p.buffer<T>(1)[p.offset + k]);
}

double real(const Piece& p, std::int64_t k, char format) {
  switch (format) {
    case 'c': return read_number<std::int8_t>(p, k);
    case 'C': return read_number<std::uint8_t>(p, k);
    case 's': return read_number<std::int16_t>(p, k);
    case 'S': return read_number<std::uint16_t>(p, k);
    case 'i': return read_number<std::int32_t>(p, k);
    case 'I': return read_number<std::uint32_t>(p, k);
    case 'l': return read_number<std::int64_t>(p, k);
    default: return read_number<std::uint64_t>(p, k);
  }
}

std::int64_t dictionary_index(const Piece& p, std::int64_t k, char format) {
  const std::int64_t at = p.offset + k;
  switch (format) {
    case 'c': return p.buffer<std::int8_t>(1)[at];
    case 'C': return p.buffer<std::uint8_t>(1)[at];
    case 's': return p.buffer<std::int16_t>(1)[at];
    case 'S': return p.buffer<std::uint16_t>(1)[at];
    case 'i': return p.buffer<std::int32_t>(1)[at];
    case 'I': return p.buffer<std::uint32_t>(1)[at];
    default: return p.buffer<std::int64_t>(1)[at];
  }
}

void append_dictionary(const Piece& p, const ArrowSchema& schema, std::vector<Cell>& out) {
  const std::string_view format = schema.dictionary->format;
  const ArrowArray* dictionary = p.array->dictionary;
  if (dictionary == nullptr) bad("an Arrow dictionary is missing");
  const Piece values = piece_of(dictionary, 0, dictionary->length, text_buffers(format));
  for (std::int64_t k = 0; k < p.length; ++k) {
    if (is_null(p, k)) {
      out.push_back({});
      continue;
    }
    const std::int64_t at = dictionary_index(p, k, schema.format[0]);
    if (at < 0 || at >= values.length) bad("an Arrow dictionary index is out of range");
    out.push_back(is_null(values, at) ? Cell{} : Cell::of(text(values, at, format)));
  }
}

}  // namespace

struct ArrowTable::State {
  Owned<ArrowSchema> schema;
  std::vector<std::unique_ptr<Owned<ArrowArray>>> chunks;
  std::vector<std::vector<Cell>> cells;
  std::vector<std::unique_ptr<char[]>> buffers;
  bool table = false;

  const ArrowSchema& column(std::size_t j) const {
    return table ? *schema.value.children[j] : schema.value;
  }
  std::vector<Piece> pieces(std::size_t j, std::int64_t n_buffers) const {
    std::vector<Piece> out;
    out.reserve(chunks.size());
    for (const auto& chunk : chunks) {
      const ArrowArray& a = chunk->value;
      if (a.length == 0) continue;
      out.push_back(table ? piece_of(a.children[j], a.offset, a.length, n_buffers)
                          : piece_of(&a, 0, a.length, n_buffers));
    }
    return out;
  }
};

ArrowTable::ArrowTable(PyObject* capsule) : state_(std::make_unique<State>()) {
  auto* stream =
      static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, "arrow_array_stream"));
  if (stream == nullptr) throw PythonError();
  if (stream->release == nullptr) bad("the Arrow stream has been read before");
  const auto check = [&](int status) {
    if (status == 0) return;
    const char* reason = stream->get_last_error(stream);
    bad(std::string("the Arrow stream failed: ") + (reason ? reason : "no reason given"));
  };
  ArrowSchema& schema = state_->schema.value;
  check(stream->get_schema(stream, &schema));
  check_schema();
  while (true) {
    auto chunk = std::make_unique<Owned<ArrowArray>>();
    check(stream->get_next(stream, &chunk->value));
    if (chunk->value.release == nullptr) break;
    state_->chunks.push_back(std::move(chunk));
    check_chunk();
    rows_ += static_cast<std::size_t>(state_->chunks.back()->value.length);
  }
}

ArrowTable::ArrowTable(PyObject* schema, PyObject* array) : state_(std::make_unique<State>()) {
  auto* from_schema = static_cast<ArrowSchema*>(PyCapsule_GetPointer(schema, "arrow_schema"));
  auto* from_array = from_schema == nullptr
                         ? nullptr
                         : static_cast<ArrowArray*>(PyCapsule_GetPointer(array, "arrow_array"));
  if (from_array == nullptr) throw PythonError();
  if (from_schema->release == nullptr || from_array->release == nullptr) {
    bad("the Arrow array has been taken before");
  }
  // Moved, as the interface wants it: the capsule is left with nothing to release.
  state_->schema.value = *from_schema;
  from_schema->release = nullptr;
  auto& chunk = state_->chunks.emplace_back(std::make_unique<Owned<ArrowArray>>());
  chunk->value = *from_array;
  from_array->release = nullptr;
  check_schema();
  check_chunk();
  rows_ = static_cast<std::size_t>(chunk->value.length);
}

void ArrowTable::check_schema() const {
  const ArrowSchema& schema = state_->schema.value;
  if (schema.format == nullptr) bad("an Arrow schema has no format");
  state_->table = std::strcmp(schema.format, "+s") == 0;
  if (!state_->table) return;
  if (schema.n_children < 0) bad("an Arrow schema has fewer than no columns");
  for (std::int64_t j = 0; j < schema.n_children; ++j) {
    if (schema.children[j] == nullptr || schema.children[j]->format == nullptr) {
      bad("an Arrow schema has no format");
    }
  }
}

void ArrowTable::check_chunk() const {
  const ArrowArray& a = state_->chunks.back()->value;
  if (a.length < 0 || a.offset < 0 ||
      (state_->table && a.n_children != state_->schema.value.n_children)) {
    bad("an Arrow chunk does not fit its schema");
  }
  if (state_->table && a.null_count > 0) bad("an Arrow table has rows that are null as a whole");
}

ArrowTable::~ArrowTable() = default;

bool ArrowTable::is_table() const {
  return state_->table;
}

std::size_t ArrowTable::columns() const {
  return state_->table ? static_cast<std::size_t>(state_->schema.value.n_children) : 1;
}

std::string_view ArrowTable::name(std::size_t j) const {
  const char* name = state_->column(j).name;
  return name ? name : "";
}

skops::ArrayView ArrowTable::column(std::size_t j) {
  const ArrowSchema& schema = state_->column(j);
  const std::string_view format = schema.format;
  skops::ArrayView out;
  out.ndim = 1;
  out.shape[0] = static_cast<std::int64_t>(rows_);
  const auto finish = [&](const void* data, skops::Dtype dtype) {
    out.data = data;
    out.dtype = dtype;
    out.strides[0] = dtype.itemsize;
    return out;
  };
  const auto buffer = [&](std::size_t bytes) {
    return state_->buffers.emplace_back(std::make_unique_for_overwrite<char[]>(bytes)).get();
  };
  const auto cells = [&](std::int64_t n_buffers, auto&& append) {
    auto& own = state_->cells.emplace_back();
    own.reserve(rows_);
    for (const Piece& p : state_->pieces(j, n_buffers)) append(p, own);
    return finish(own.data(), {'O', sizeof(Cell)});
  };

  if (schema.dictionary != nullptr) {
    const skops::Dtype index = number_dtype(format);
    const char* values = schema.dictionary->format;
    if ((index.kind != 'i' && index.kind != 'u') || values == nullptr || !is_text(values)) {
      bad("Arrow dictionaries must hold texts; column '" + std::string(name(j)) + "'");
    }
    return cells(2, [&](const Piece& p, auto& own) { append_dictionary(p, schema, own); });
  }
  if (is_text(format)) {
    return cells(text_buffers(format), [&](const Piece& p, auto& own) {
      for (std::int64_t k = 0; k < p.length; ++k) {
        own.push_back(is_null(p, k) ? Cell{} : Cell::of(text(p, k, format)));
      }
    });
  }
  if (format == "n")
    return cells(0, [&](const Piece& p, auto& own) {
      own.resize(own.size() + static_cast<std::size_t>(p.length));
    });
  const bool truths = format == "b";
  const skops::Dtype dtype = truths ? skops::Dtype{'b', 1} : number_dtype(format);
  if (dtype.kind == 0) {
    bad("Arrow columns of format '" + std::string(format) + "' are not supported; column '" +
        std::string(name(j)) + "'");
  }
  const std::vector<Piece> pieces = state_->pieces(j, 2);
  bool nulls = false;
  for (const Piece& p : pieces) nulls = nulls || has_nulls(p);
  if (truths && nulls) {
    return cells(2, [&](const Piece& p, auto& own) {
      for (std::int64_t k = 0; k < p.length; ++k) {
        own.push_back(is_null(p, k) ? Cell{}
                                    : Cell::of(bit(p.buffer<std::uint8_t>(1), p.offset + k)));
      }
    });
  }
  if (truths) {
    char* to = buffer(rows_);
    char* at = to;
    for (const Piece& p : pieces) {
      for (std::int64_t k = 0; k < p.length; ++k) {
        *at++ = bit(p.buffer<std::uint8_t>(1), p.offset + k) ? 1 : 0;
      }
    }
    return finish(to, dtype);
  }
  if (nulls && dtype.kind != 'f') {
    auto* to = reinterpret_cast<double*>(buffer(rows_ * sizeof(double)));
    double* at = to;
    for (const Piece& p : pieces) {
      for (std::int64_t k = 0; k < p.length; ++k) {
        *at++ = is_null(p, k) ? std::nan("") : real(p, k, format[0]);
      }
    }
    return finish(to, {'f', 8});
  }
  const std::size_t item = dtype.itemsize;
  if (!nulls && pieces.size() == 1) {
    return finish(pieces[0].buffer<char>(1) + pieces[0].offset * static_cast<std::int64_t>(item),
                  dtype);
  }
  char* to = buffer(rows_ * item);
  char* at = to;
  const double nan64 = std::nan("");
  const float nan32 = std::nanf("");
  const std::uint16_t nan16 = 0x7e00;
  const void* nan = item == 8   ? static_cast<const void*>(&nan64)
                    : item == 4 ? static_cast<const void*>(&nan32)
                                : static_cast<const void*>(&nan16);
  for (const Piece& p : pieces) {
    const std::size_t bytes = static_cast<std::size_t>(p.length) * item;
    std::memcpy(at, p.buffer<char>(1) + p.offset * static_cast<std::int64_t>(item), bytes);
    for (std::int64_t k = 0; nulls && k < p.length; ++k) {
      if (is_null(p, k)) std::memcpy(at + static_cast<std::size_t>(k) * item, nan, item);
    }
    at += bytes;
  }
  return finish(to, dtype);
}

void PythonInput::of_arrow(PyObject* table) {
  if (_PyType_Lookup(Py_TYPE(table), names.arrow_array) != nullptr) {
    // One chunk: cheaper than a stream of it.
    PyObject* pair = keep(PyObject_CallMethodNoArgs(table, names.arrow_array));
    if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2) bad("an Arrow array is no pair");
    arrow_ = std::make_unique<ArrowTable>(PyTuple_GET_ITEM(pair, 0), PyTuple_GET_ITEM(pair, 1));
  } else {
    arrow_ =
        std::make_unique<ArrowTable>(keep(PyObject_CallMethodNoArgs(table, names.arrow_stream)));
  }
  const std::size_t width = arrow_->columns();
  if (!arrow_->is_table()) {
    const skops::ArrayView values = arrow_->column(0);
    if (values.dtype.kind == 'O') {
      const auto* cells = static_cast<const Cell*>(values.data);
      for (std::size_t k = 0; k < arrow_->rows() && cells[k].kind == Cell::Kind::string; ++k) {
        texts_.push_back(cells[k].text());
      }
      if (!texts_.empty() && texts_.size() == arrow_->rows()) {
        input_.emplace(std::span<const std::string_view>(texts_));
        return;
      }
    }
    input_.emplace(values);
    return;
  }
  columns_.reserve(width);
  for (std::size_t j = 0; j < width; ++j) columns_.push_back({arrow_->name(j), arrow_->column(j)});
  input_.emplace(std::span<const skops::ColumnView>(columns_), arrow_->rows());
}

}  // namespace skops_python
