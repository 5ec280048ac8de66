#include "make/array_node.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "writer/json_text.hpp"

namespace skops {
namespace {

static_assert(std::endian::native == std::endian::little);

[[noreturn]] void wrong(const std::string& text) {
  throw Error(Family::usage, "make.array", text, {}, "correct the array's description");
}

[[noreturn]] void unknown_dtype(const std::string& text) {
  throw Error(Family::unsupported, "make.dtype", text, {}, "convert the array to numbers or texts");
}

bool one_of(std::uint64_t size, std::initializer_list<std::uint64_t> sizes) {
  return std::find(sizes.begin(), sizes.end(), size) != sizes.end();
}

// '<f8', as NumPy writes it.
std::string descriptor(const skops_dtype& dtype) {
  const char kind = static_cast<char>(dtype.kind);
  std::uint64_t size = dtype.itemsize;
  bool known = false;
  switch (kind) {
    case 'b': known = size == 1; break;
    case 'i':
    case 'u': known = one_of(size, {1, 2, 4, 8}); break;
    case 'f': known = one_of(size, {2, 4, 8}); break;
    case 'c': known = one_of(size, {8, 16}); break;
    case 'S': known = true; break;
    case 'U': known = size % 4 == 0; break;
    default: break;
  }
  if (!known) {
    unknown_dtype(std::string("an array of the dtype '") + kind + std::to_string(size) +
                  "' cannot be written");
  }
  const bool ordered = kind == 'U' ? size > 0 : size > 1 && kind != 'S';
  if (kind == 'U') size /= 4;
  const char order = kind == 'U'     ? (dtype.swapped ? '>' : '<')
                     : !ordered      ? '|'
                     : dtype.swapped ? '>'
                                     : '<';
  return std::string("'") + order + kind + std::to_string(size) + "'";
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c >= 0x20 && c < 0x7f && c != '\'' && c != '\\';
  });
}

std::string padding(std::uint64_t from, std::uint64_t to) {
  return "('', '|V" + std::to_string(to - from) + "'), ";
}

// [('a', '<i8'), ('b', '<f8')], with nameless fields for the gaps.
std::string record_descriptor(const skops_dtype& dtype) {
  if (dtype.n_fields > 256) unknown_dtype("a record has more than 256 fields");
  std::string out = "[";
  std::uint64_t end = 0;
  for (std::uint64_t k = 0; k < dtype.n_fields; ++k) {
    const skops_field& field = *dtype.fields[k];
    const std::string_view name(field.name.data, field.name.size);
    if (!is_plain_name(name))
      unknown_dtype("a field of a record has a name that cannot be written");
    if (field.dtype->itemsize > dtype.itemsize || field.offset < end ||
        field.offset > dtype.itemsize - field.dtype->itemsize) {
      wrong("the fields of a record overlap, or lie outside of it");
    }
    if (field.offset > end) out += padding(end, field.offset);
    out += "('" + std::string(name) + "', " + descriptor(*field.dtype) + "), ";
    end = field.offset + field.dtype->itemsize;
  }
  if (end < dtype.itemsize) out += padding(end, dtype.itemsize);
  if (out.size() > 1) out.resize(out.size() - 2);
  return out + "]";
}

// The number of elements, all of which must be describable and, for `bytes`, fit a memory.
std::uint64_t check(const skops_array& array) {
  if (array.ndim > 64) wrong("an array has more than 64 dimensions");
  if (array.dtype == nullptr || (array.ndim > 0 && (!array.shape || !array.strides))) {
    wrong("an array has no dtype, shape or strides");
  }
  std::uint64_t size = 1, bytes = array.dtype->itemsize;
  for (std::uint64_t k = 0; k < array.ndim; ++k) {
    if (array.shape[k] < 0) wrong("an array has an extent below 0");
    const auto extent = static_cast<std::uint64_t>(array.shape[k]);
    if (__builtin_mul_overflow(size, extent, &size) ||
        __builtin_mul_overflow(bytes, extent, &bytes) || bytes > (std::uint64_t{1} << 48)) {
      wrong("an array is larger than memory can be");
    }
  }
  if (size > 0 && array.dtype->itemsize > 0 && array.data == nullptr) wrong("an array has no data");
  return size;
}

// Calls f(address) for each element in C order.
template <class F>
void each(const skops_array& array, std::uint64_t size, F&& f) {
  std::vector<std::int64_t> index(array.ndim, 0);
  const char* p = static_cast<const char*>(array.data);
  for (std::uint64_t k = 0; k < size; ++k) {
    f(p);
    for (std::size_t d = array.ndim; d-- > 0;) {
      p += array.strides[d];
      if (++index[d] < array.shape[d]) break;
      p -= array.strides[d] * array.shape[d];
      index[d] = 0;
    }
  }
}

bool contiguous(const skops_array& array) {
  auto step = static_cast<std::int64_t>(array.dtype->itemsize);
  for (std::size_t d = array.ndim; d-- > 0;) {
    if (array.shape[d] != 1 && array.strides[d] != step) return false;
    step *= array.shape[d];
  }
  return true;
}

std::string cell_text(const skops_cell& cell) {
  std::string out;
  switch (cell.kind) {
    case SKOPS_CELL_NONE: return "null";
    case SKOPS_CELL_BOOL: return cell.as.integer != 0 ? "true" : "false";
    case SKOPS_CELL_INTEGER: return std::to_string(cell.as.integer);
    case SKOPS_CELL_REAL: append_json_real(out, cell.as.real); return out;
    case SKOPS_CELL_STRING:
      append_json_string(out, {cell.as.string.data, static_cast<std::size_t>(cell.as.string.size)});
      return out;
    default: unknown_dtype("an array holds an object that is no text, number, bool or None");
  }
}

// Lists below the first axis, as skops nests them.
Draft::Handle cells_node(Draft& draft, const skops_array& array, std::uint64_t size) {
  if (array.ndim == 0) unknown_dtype("an array of objects needs a dimension");
  if (array.dtype->itemsize != sizeof(skops_cell)) wrong("cells have another size");
  std::vector<Draft::Handle> row;
  row.reserve(size);
  each(array, size, [&](const char* p) {
    skops_cell cell;
    std::memcpy(&cell, p, sizeof cell);
    row.push_back(draft.plain(cell_text(cell)));
  });
  const auto fill = [&](Draft::Handle to, const Draft::Handle* items, std::size_t n) {
    if (n == 0) draft.set_json(to, "content", "[]");
    for (std::size_t k = 0; k < n; ++k) draft.append_node(to, "content", items[k]);
  };
  std::uint64_t lists = size;
  for (std::size_t d = array.ndim - 1; d > 0; --d) {
    const auto n = static_cast<std::size_t>(array.shape[d]);
    // Without elements the lists come from the extents before.
    lists = 1;
    for (std::size_t k = 0; k < d; ++k) lists *= static_cast<std::uint64_t>(array.shape[k]);
    if (lists > (std::uint64_t{1} << 24)) wrong("an array has too many empty rows");
    std::vector<Draft::Handle> above;
    for (std::uint64_t k = 0; k < lists; ++k) {
      above.push_back(draft.node("ListNode", "builtins", "list"));
      fill(above.back(), row.data() + k * n, n);
    }
    row = std::move(above);
  }
  const Draft::Handle out = draft.node("NdArrayNode", "numpy", "ndarray");
  draft.set_json(out, "type", "\"json\"");
  fill(out, row.data(), row.size());
  const Draft::Handle shape = draft.node("TupleNode", "builtins", "tuple");
  for (std::uint64_t k = 0; k < array.ndim; ++k) {
    draft.append_node(shape, "content", draft.plain(std::to_string(array.shape[k])));
  }
  draft.set_node(out, "shape", shape);
  return out;
}

std::string scalar_name(const skops_dtype& dtype) {
  const std::string bits = std::to_string(dtype.itemsize * 8);
  switch (static_cast<char>(dtype.kind)) {
    case 'b': return "bool";
    case 'i': return "int" + bits;
    case 'u': return "uint" + bits;
    case 'f': return "float" + bits;
    case 'c': return "complex" + bits;
    case 'U': return "str_";
    default: unknown_dtype("there is no NumPy scalar of this dtype");
  }
}

}  // namespace

std::vector<std::byte> npy_bytes(const skops_array& array) {
  const std::uint64_t size = check(array);
  const skops_dtype& dtype = *array.dtype;
  std::string header = "{'descr': ";
  header += dtype.kind == 'V' && dtype.n_fields > 0 ? record_descriptor(dtype) : descriptor(dtype);
  header += ", 'fortran_order': False, 'shape': (";
  for (std::uint64_t k = 0; k < array.ndim; ++k) {
    header += (k > 0 ? " " : "") + std::to_string(array.shape[k]);
    if (k + 1 < array.ndim || array.ndim == 1) header += ",";
  }
  header += "), }";
  // NumPy leaves room for the first axis to grow.
  if (array.ndim > 0) header.append(21 - std::to_string(array.shape[0]).size(), ' ');
  constexpr std::size_t start = 10;
  header.append(64 - (start + header.size() + 1) % 64, ' ').append(1, '\n');
  if (header.size() > 0xffff) unknown_dtype("an array's description is too long");

  const std::size_t item = static_cast<std::size_t>(dtype.itemsize);
  std::vector<std::byte> out(start + header.size() + size * item);
  auto* at = reinterpret_cast<char*>(out.data());
  std::memcpy(at, "\x93NUMPY\x01\0", 8);
  at[8] = static_cast<char>(header.size() & 0xff);
  at[9] = static_cast<char>(header.size() >> 8);
  std::memcpy(at + start, header.data(), header.size());
  at += start + header.size();
  if (size == 0 || item == 0) return out;
  if (contiguous(array)) {
    std::memcpy(at, array.data, size * item);
    return out;
  }
  each(array, size, [&](const char* p) {
    std::memcpy(at, p, item);
    at += item;
  });
  return out;
}

Draft::Handle array_node(Draft& draft, const skops_array& array, bool scalar) {
  const std::uint64_t size = check(array);
  if (array.dtype->kind == 'O') return cells_node(draft, array, size);
  if (scalar && array.ndim != 0) wrong("a NumPy scalar has no dimensions");
  const std::vector<std::byte> bytes = npy_bytes(array);
  const Draft::Handle out =
      draft.node("NdArrayNode", "numpy", scalar ? scalar_name(*array.dtype) : "ndarray");
  draft.set_json(out, "type", "\"numpy\"");
  draft.set_member(out, "file", ".npy", bytes);
  return out;
}

}  // namespace skops
