// Tables that speak the Arrow C stream interface (arrow.apache.org/docs/format/CStreamInterface and
// CDataInterface): pyarrow, polars, DuckDB and others, without any of them.
//
// A stream gives chunks of a struct array, one child a column. Numbers, bools, texts (utf8,
// large_utf8), nulls and dictionaries of these are read, everything else is refused by name. The
// producer is trusted as much as any Python object of the process.
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

bool bit(const void* bits, std::int64_t k) {
  return (static_cast<const std::uint8_t*>(bits)[k / 8] >> (k % 8)) & 1;
}

bool is_null(const ArrowArray& a, std::int64_t k) {
  return a.null_count != 0 && a.n_buffers > 0 && a.buffers[0] != nullptr &&
         !bit(a.buffers[0], a.offset + k);
}

}  // namespace

// Collects one column over all chunks.
class ArrowReader {
 public:
  explicit ArrowReader(PythonInput& input) : input_(input) {}

  void add(const ArrowSchema& schema, const ArrowArray& array) {
    const std::string_view format = schema.format;
    if (schema.dictionary != nullptr) return dictionary(schema, array);
    if (format == "u" || format == "U") return texts(array, format == "U");
    if (format == "n") {
      for (std::int64_t k = 0; k < array.length; ++k) cell({});
      return;
    }
    if (format == "b") {
      for (std::int64_t k = 0; k < array.length; ++k) {
        if (is_null(array, k)) {
          cell({});
        } else {
          const bool truth = bit(array.buffers[1], array.offset + k);
          cells_ ? cell(Cell::of(truth)) : number<std::uint8_t>({'b', 1}, truth);
        }
      }
      return;
    }
    switch (format.size() == 1 ? format[0] : '?') {
      case 'c': return numbers<std::int8_t>({'i', 1}, array);
      case 'C': return numbers<std::uint8_t>({'u', 1}, array);
      case 's': return numbers<std::int16_t>({'i', 2}, array);
      case 'S': return numbers<std::uint16_t>({'u', 2}, array);
      case 'i': return numbers<std::int32_t>({'i', 4}, array);
      case 'I': return numbers<std::uint32_t>({'u', 4}, array);
      case 'l': return numbers<std::int64_t>({'i', 8}, array);
      case 'L': return numbers<std::uint64_t>({'u', 8}, array);
      case 'f': return numbers<float>({'f', 4}, array);
      case 'g': return numbers<double>({'f', 8}, array);
      default: break;
    }
    bad("Arrow columns of format '" + std::string(format) + "' are not supported; column '" +
        std::string(schema.name ? schema.name : "") + "'");
  }

  skops::ArrayView finish() {
    skops::ArrayView out;
    out.ndim = 1;
    out.shape[0] = rows_;
    if (cells_) {
      out.data = cells_->data();
      out.dtype = {'O', sizeof(Cell)};
    } else {
      if (buffer_ == nullptr) buffer_ = &input_.buffers_.emplace_back();
      out.data = buffer_->data();
      out.dtype = dtype_;
    }
    out.strides[0] = out.dtype.itemsize;
    return out;
  }

 private:
  // Nulls in integers and bools make floats, as in pandas: NaN.
  template <class T>
  void numbers(skops::Dtype dtype, const ArrowArray& array) {
    const auto* values = static_cast<const T*>(array.buffers[1]) + array.offset;
    const bool nulls = array.null_count != 0 && array.buffers[0] != nullptr;
    for (std::int64_t k = 0; k < array.length; ++k) {
      if (nulls && is_null(array, k)) {
        missing();
      } else if (dtype_ == skops::Dtype{'f', 8} && buffer_ != nullptr) {
        number<double>({'f', 8}, static_cast<double>(values[k]));
      } else {
        number<T>(dtype, values[k]);
      }
    }
  }

  template <class T>
  void number(skops::Dtype dtype, T value) {
    if (cells_) return cell(Cell::of(static_cast<double>(value)));
    if (buffer_ == nullptr) {
      buffer_ = &input_.buffers_.emplace_back();
      dtype_ = dtype;
    }
    const auto* bytes = reinterpret_cast<const char*>(&value);
    buffer_->insert(buffer_->end(), bytes, bytes + sizeof value);
    ++rows_;
  }

  void missing() {
    if (cells_) return cell({});
    if (buffer_ != nullptr && dtype_ != skops::Dtype{'f', 8}) widen();
    number<double>({'f', 8}, std::nan(""));
  }

  // What has been collected, as float64.
  void widen() {
    skops::Array old(dtype_, {rows_}, std::shared_ptr<const void>(buffer_->data(), [](auto) {}));
    std::vector<char> wide(static_cast<std::size_t>(rows_) * 8);
    for (std::int64_t k = 0; k < rows_; ++k) {
      const double value = old.number(static_cast<std::size_t>(k));
      std::memcpy(wide.data() + 8 * k, &value, 8);
    }
    *buffer_ = std::move(wide);
    dtype_ = {'f', 8};
  }

  void cell(const Cell& value) {
    if (!cells_) {
      if (rows_ != 0) bad("an Arrow column mixes types");
      cells_ = &input_.cells_.emplace_back();
    }
    cells_->push_back(value);
    ++rows_;
  }

  // Texts are copied: the chunk is released before the call.
  Cell text(const ArrowArray& array, std::int64_t k, bool large) {
    const std::int64_t at = array.offset + k;
    std::int64_t from = 0, to = 0;
    if (large) {
      from = static_cast<const std::int64_t*>(array.buffers[1])[at];
      to = static_cast<const std::int64_t*>(array.buffers[1])[at + 1];
    } else {
      from = static_cast<const std::int32_t*>(array.buffers[1])[at];
      to = static_cast<const std::int32_t*>(array.buffers[1])[at + 1];
    }
    const auto* data = static_cast<const char*>(array.buffers[2]);
    auto& copy = input_.buffers_.emplace_back(data + from, data + to);
    return Cell::of(std::string_view(copy.data(), copy.size()));
  }

  void texts(const ArrowArray& array, bool large) {
    for (std::int64_t k = 0; k < array.length; ++k) {
      cell(is_null(array, k) ? Cell{} : text(array, k, large));
    }
  }

  void dictionary(const ArrowSchema& schema, const ArrowArray& array) {
    const std::string_view value_format = schema.dictionary->format;
    if (value_format != "u" && value_format != "U") bad("Arrow dictionaries must hold texts");
    const auto index = [&](std::int64_t k) -> std::int64_t {
      const std::int64_t at = array.offset + k;
      const void* p = array.buffers[1];
      switch (schema.format[0]) {
        case 'c': return static_cast<const std::int8_t*>(p)[at];
        case 'C': return static_cast<const std::uint8_t*>(p)[at];
        case 's': return static_cast<const std::int16_t*>(p)[at];
        case 'S': return static_cast<const std::uint16_t*>(p)[at];
        case 'i': return static_cast<const std::int32_t*>(p)[at];
        case 'I': return static_cast<const std::uint32_t*>(p)[at];
        case 'l': return static_cast<const std::int64_t*>(p)[at];
        default: bad("Arrow dictionary indices must be integers");
      }
    };
    for (std::int64_t k = 0; k < array.length; ++k) {
      if (is_null(array, k)) {
        cell({});
        continue;
      }
      const std::int64_t at = index(k);
      if (at < 0 || at >= array.dictionary->length) bad("an Arrow dictionary index is out of range");
      cell(is_null(*array.dictionary, at) ? Cell{}
                                          : text(*array.dictionary, at, value_format == "U"));
    }
  }

  PythonInput& input_;
  skops::Dtype dtype_;
  std::vector<char>* buffer_ = nullptr;
  std::vector<Cell>* cells_ = nullptr;
  std::int64_t rows_ = 0;
};

void PythonInput::of_arrow(PyObject* table) {
  PyObject* capsule = keep(PyObject_CallMethod(table, "__arrow_c_stream__", nullptr));
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, "arrow_array_stream"));
  if (stream == nullptr) throw PythonError();
  const auto failed = [&] {
    const char* text = stream->get_last_error(stream);
    bad(std::string("the Arrow stream failed: ") + (text ? text : "no reason given"));
  };
  Owned<ArrowSchema> schema;
  if (stream->get_schema(stream, &schema.value) != 0) failed();
  if (std::strcmp(schema.value.format, "+s") != 0) bad("an Arrow table of columns is expected");
  const auto width = static_cast<std::size_t>(schema.value.n_children);
  std::deque<ArrowReader> readers;
  for (std::size_t j = 0; j < width; ++j) readers.emplace_back(*this);
  std::size_t rows = 0;
  while (true) {
    Owned<ArrowArray> chunk;
    if (stream->get_next(stream, &chunk.value) != 0) failed();
    if (chunk.value.release == nullptr) break;
    if (chunk.value.n_children != schema.value.n_children) bad("an Arrow chunk lacks columns");
    rows += static_cast<std::size_t>(chunk.value.length);
    for (std::size_t j = 0; j < width; ++j) {
      ArrowArray column = *chunk.value.children[j];
      column.offset += chunk.value.offset;
      column.length = chunk.value.length;
      readers[j].add(*schema.value.children[j], column);
    }
  }
  std::vector<skops::ArrayView> columns;
  PyObject* names = keep(PyList_New(0));
  for (std::size_t j = 0; j < width; ++j) {
    columns.push_back(readers[j].finish());
    const char* name = schema.value.children[j]->name;
    const Ref text = checked(PyUnicode_FromString(name ? name : ""));
    if (PyList_Append(names, text.get()) != 0) throw PythonError();
  }
  set_table(names, std::move(columns), rows);
}

}  // namespace skops_python
