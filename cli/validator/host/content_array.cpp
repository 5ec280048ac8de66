#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>

#include "validator/host/content.hpp"

namespace skops_validator {
namespace {

std::byte* taken(GuardedMemory& memory, std::size_t size, std::size_t alignment = 1) {
  std::byte* at = memory.take(size, alignment);
  if (at == nullptr) throw std::bad_alloc();
  return at;
}

double real_element(Fill fill, std::size_t k) {
  switch (fill) {
    case Fill::ones: return 1;
    case Fill::zeros: return 0;
    case Fill::negative: return -1.5 - static_cast<double>(k);
    case Fill::huge: return 1e308;
    case Fill::nan: return std::numeric_limits<double>::quiet_NaN();
    case Fill::infinite: return std::numeric_limits<double>::infinity();
    case Fill::minus_one: return -1;
    case Fill::three: return 3;
    case Fill::falling: return 2.0 - static_cast<double>(k);
    case Fill::falling_halves: return 9.5 - 0.5 * static_cast<double>(k);
    default: return 0.5 + static_cast<double>(k);
  }
}

std::int64_t integer_element(Fill fill, std::size_t k, std::uint64_t itemsize) {
  const auto index = static_cast<std::int64_t>(k);
  switch (fill) {
    case Fill::ones: return 1;
    case Fill::zeros: return 0;
    case Fill::negative: return -index - 1;
    case Fill::huge:
      return itemsize == 8 ? std::numeric_limits<std::int64_t>::max()
                           : std::int64_t{std::numeric_limits<std::int32_t>::max()};
    case Fill::minus_one: return -1;
    case Fill::three: return 3;
    case Fill::falling: return 2 - index;
    default: return index;
  }
}

skops_cell cell(GuardedMemory& memory, Fill fill, std::size_t k) {
  skops_cell out{};
  if (fill == Fill::others) out.kind = SKOPS_CELL_OTHER + k % 2;
  if (fill == Fill::texts) {
    const char text[] = {static_cast<char>('a' + k % 26)};
    out.kind = SKOPS_CELL_STRING;
    out.as.string = {memory.text({text, 1}), 1};
  }
  if (fill == Fill::numbers_and_none) {
    out.kind = static_cast<std::uint64_t>(k % 4);
    if (out.kind == SKOPS_CELL_REAL) {
      out.as.real = 0.5;
    } else {
      out.as.integer = 1;
    }
  }
  return out;
}

void write_element(GuardedMemory& memory, const ArrayContent& content, std::size_t k,
                   std::byte* at) {
  const std::uint64_t size = content.itemsize;
  std::memset(at, 0, size);
  if (content.kind == 'O') {
    const skops_cell value = cell(memory, content.fill, k);
    std::memcpy(at, &value, sizeof value);
  } else if (content.kind == 'f' && size == 8) {
    const double value = real_element(content.fill, k);
    std::memcpy(at, &value, sizeof value);
  } else if (content.kind == 'f' && size == 4) {
    const auto value = static_cast<float>(std::min(real_element(content.fill, k), 3e38));
    std::memcpy(at, &value, sizeof value);
  } else if (content.kind == 'b') {
    at[0] = std::byte(k % 2);
  } else if (content.kind == 'U') {
    for (std::size_t c = 0; c + 4 <= size; c += 4) {
      const auto point = static_cast<std::uint32_t>('a' + k % 26);
      std::memcpy(at + c, &point, sizeof point);
    }
  } else if (content.kind == 'S' || content.kind == 'V') {
    std::memset(at, static_cast<int>('a' + k % 26), size);
  } else {
    const std::int64_t value = integer_element(content.fill, k, size);
    std::memcpy(at, &value, std::min<std::size_t>(size, sizeof value));
  }
}

}  // namespace

const skops_array* make_array(GuardedMemory& memory, const ArrayContent& content) {
  const std::size_t rank = content.shape.size();
  auto* shape = reinterpret_cast<std::int64_t*>(taken(memory, rank * sizeof(std::int64_t), 8));
  auto* strides = reinterpret_cast<std::int64_t*>(taken(memory, rank * sizeof(std::int64_t), 8));
  std::size_t count = 1;
  for (std::size_t d = 0; d < rank; ++d) {
    shape[d] = content.shape[d];
    count *= static_cast<std::size_t>(shape[d]);
  }
  const bool by_columns = content.layout == ArrayContent::columns;
  auto step = static_cast<std::int64_t>(content.itemsize);
  for (std::size_t n = 0; n < rank; ++n) {
    const std::size_t d = by_columns ? n : rank - 1 - n;
    strides[d] = step;
    step *= std::max<std::int64_t>(shape[d], 1);
  }
  const std::size_t bytes = count * content.itemsize;
  const bool unaligned = content.layout == ArrayContent::unaligned;
  std::byte* data = taken(memory, bytes + (unaligned ? 1 : 0), content.kind == 'O' ? 8 : 1);
  for (std::size_t k = 0; k < count; ++k) {
    write_element(memory, content, k, data + k * content.itemsize);
  }
  if (content.layout == ArrayContent::backwards && rank == 1 && count != 0) {
    data += (count - 1) * content.itemsize;
    strides[0] = -strides[0];
  }
  if (unaligned) {
    std::memmove(data + 1, data, bytes);
    // One byte before the end of the memory, so that reads of whole words go beyond it.
    data += 1;
  }
  auto* dtype =
      memory.copy(skops_dtype{sizeof(skops_dtype), content.kind, 0, content.itemsize, 0, nullptr});
  if (content.kind == 'V') {
    // A record of three doubles.
    static constexpr const char* names[] = {"x", "y", "z"};
    const auto* real = memory.copy(skops_dtype{sizeof(skops_dtype), 'f', 0, 8, 0, nullptr});
    auto* fields = reinterpret_cast<const skops_field**>(taken(memory, 3 * sizeof(void*), 8));
    for (std::size_t k = 0; k < 3; ++k) {
      fields[k] =
          memory.copy(skops_field{sizeof(skops_field), {memory.text(names[k]), 1}, 8 * k, real});
    }
    dtype->n_fields = 3;
    dtype->fields = fields;
  }
  return memory.copy(skops_array{sizeof(skops_array), data, dtype, rank, shape, strides});
}

namespace {

struct SparseContent {
  std::vector<std::int64_t> indices, indptr;
  std::uint64_t index_bytes = 4;
  std::uint64_t rows = 3, columns = 3;
};

// The host promises indices in range and an indptr that fits: these vary what it does not promise.
const std::vector<SparseContent>& sparse_list() {
  static const std::vector<SparseContent> list = {
      {{0, 1, 2}, {0, 1, 2, 3}},  {{0, 1, 2}, {0, 1, 2, 3}, 8}, {{2, 1, 0}, {0, 3, 3, 3}},
      {{1, 1, 1}, {0, 3, 3, 3}},  {{}, {0, 0, 0, 0}},           {{}, {0}, 4, 0, 3},
      {{}, {0, 0, 0, 0}, 4, 3, 0}};
  return list;
}

const skops_array* integers(GuardedMemory& memory, const std::vector<std::int64_t>& from,
                            std::uint64_t bytes) {
  const skops_array* out =
      make_array(memory, {'i', bytes, {static_cast<std::int64_t>(from.size())}});
  auto* at = const_cast<char*>(static_cast<const char*>(out->data));
  for (std::size_t k = 0; k < from.size(); ++k) std::memcpy(at + k * bytes, &from[k], bytes);
  return out;
}

}  // namespace

const skops_csr* make_sparse(GuardedMemory& memory, std::uint16_t variant) {
  const SparseContent& content = sparse_list()[variant % sparse_list().size()];
  const auto nnz = static_cast<std::int64_t>(content.indices.size());
  return memory.copy(skops_csr{sizeof(skops_csr), content.rows, content.columns,
                               make_array(memory, {'f', 8, {nnz}}),
                               integers(memory, content.indices, content.index_bytes),
                               integers(memory, content.indptr, content.index_bytes)});
}

std::uint16_t sparse_contents() {
  return static_cast<std::uint16_t>(sparse_list().size());
}

}  // namespace skops_validator
