#include "data/npz.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <span>

#include "data/npy.hpp"
#include "skops/error.hpp"
#include "skops/file.hpp"
#include "skops/members.hpp"

namespace skops_cli {
namespace {

[[noreturn]] void bad(const std::string& text, const std::string& member = {},
                      const char* remedy = "write it with scipy.sparse.save_npz") {
  throw skops::Error(skops::Family::input, "data.npz", text, {.member = member}, remedy);
}

// f(T()) for the element type of numbers.
template <class F>
void with_type(skops::Dtype dtype, F&& f) {
  const bool is_signed = dtype.kind == 'i', is_unsigned = dtype.kind == 'u' || dtype.kind == 'b';
  if (dtype == skops::dtype_of<double>) return f(double());
  if (dtype == skops::dtype_of<float>) return f(float());
  if (is_signed && dtype.itemsize == 8) return f(std::int64_t());
  if (is_signed && dtype.itemsize == 4) return f(std::int32_t());
  if (is_signed && dtype.itemsize == 2) return f(std::int16_t());
  if (is_signed && dtype.itemsize == 1) return f(std::int8_t());
  if (is_unsigned && dtype.itemsize == 8) return f(std::uint64_t());
  if (is_unsigned && dtype.itemsize == 4) return f(std::uint32_t());
  if (is_unsigned && dtype.itemsize == 2) return f(std::uint16_t());
  if (is_unsigned && dtype.itemsize == 1) return f(std::uint8_t());
  bad("the matrix has dtype '" + dtype.name() + "', which is not read", "data.npy",
      "convert it with astype before saving");
}

class Parts {
 public:
  explicit Parts(const skops::File& file) : file_(file) {}

  NpyArray read(const std::string& name) const {
    const auto bytes = skops::member_bytes(file_, name);
    if (!bytes) bad("the archive has no " + name, name);
    try {
      return read_npy({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
    } catch (const skops::Error& error) {
      throw error.with({.member = name});
    }
  }

  std::vector<std::int64_t> integers(const std::string& name) const {
    const NpyArray array = read(name);
    const bool integer = array.dtype.kind == 'i' || array.dtype.kind == 'u';
    if (!integer || array.shape.size() != 1) bad("this is not a list of integers", name);
    std::vector<std::int64_t> out(array.count);
    with_type(array.dtype, [&]<class T>(T) {
      for (std::size_t k = 0; k < out.size(); ++k) {
        T value;
        std::memcpy(&value, array.data + k * sizeof value, sizeof value);
        out[k] = static_cast<std::int64_t>(value);
      }
    });
    return out;
  }

  std::string format() const {
    const auto bytes = skops::member_bytes(file_, "format.npy");
    if (!bytes) {
      std::string names;
      for (const skops::MemberEntry& entry : skops::members(file_)) {
        if (names.size() < 100) names += (names.empty() ? "" : ", ") + std::string(entry.name);
      }
      bad("the archive holds no sparse matrix, but " + (names.empty() ? "nothing" : names), {},
          "save a sparse matrix with scipy.sparse.save_npz, an array with numpy.save");
    }
    // A scalar: b'csr' or, in Python 2's time, text.
    std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    std::string out;
    for (const char c : text.substr(text.find_last_of('\n') + 1)) {
      if (c != '\0') out += c;
    }
    return out;
  }

 private:
  const skops::File& file_;
};

void check_range(const std::vector<std::int64_t>& indices, std::size_t extent, const char* member) {
  for (const std::int64_t index : indices) {
    if (index < 0 || static_cast<std::uint64_t>(index) >= extent) {
      bad("the index " + std::to_string(index) + " is outside of 0.." + std::to_string(extent),
          member);
    }
  }
}

// Row pointers and, for each entry in the order of rows, its position in `rows`.
std::vector<std::int64_t> sort_by_row(const std::vector<std::int64_t>& rows, std::size_t n_rows,
                                      std::vector<std::int64_t>& indptr) {
  indptr.assign(n_rows + 1, 0);
  for (const std::int64_t row : rows) ++indptr[static_cast<std::size_t>(row) + 1];
  std::partial_sum(indptr.begin(), indptr.end(), indptr.begin());
  std::vector<std::int64_t> next(indptr.begin(), indptr.end() - 1), order(rows.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    order[static_cast<std::size_t>(next[static_cast<std::size_t>(rows[k])]++)] =
        static_cast<std::int64_t>(k);
  }
  return order;
}

// Entries of one place are added up, as SciPy's tocsr does; their order in a row does not matter.
template <class T>
void sum_duplicates(CsrMatrix& out) {
  auto* data = reinterpret_cast<T*>(out.data.data());
  std::vector<std::size_t> order;
  std::vector<T> values;
  std::vector<std::int64_t> indices;
  std::size_t to = 0;
  for (std::size_t i = 0; i < out.rows; ++i) {
    const auto first = static_cast<std::size_t>(out.indptr[i]),
               last = static_cast<std::size_t>(out.indptr[i + 1]);
    order.resize(last - first);
    std::iota(order.begin(), order.end(), first);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return out.indices[a] < out.indices[b]; });
    values.clear();
    indices.clear();
    for (const std::size_t k : order) {
      if (!indices.empty() && indices.back() == out.indices[k]) {
        values.back() = static_cast<T>(values.back() + data[k]);
      } else {
        indices.push_back(out.indices[k]);
        values.push_back(data[k]);
      }
    }
    // Rows shrink only, so that what is still to be read is not written over.
    out.indptr[i] = static_cast<std::int64_t>(to);
    for (std::size_t k = 0; k < values.size(); ++k, ++to) {
      data[to] = values[k];
      out.indices[to] = indices[k];
    }
  }
  out.indptr[out.rows] = static_cast<std::int64_t>(to);
  out.indices.resize(to);
  out.data.resize(to * sizeof(T));
}

void check_pointers(const std::vector<std::int64_t>& indptr, std::size_t major, std::size_t nnz) {
  if (indptr.size() != major + 1 || indptr.front() != 0 ||
      indptr.back() != static_cast<std::int64_t>(nnz) ||
      !std::is_sorted(indptr.begin(), indptr.end())) {
    bad("the pointers do not rise from 0 to the number of entries", "indptr.npy");
  }
}

// Moves entry order[k] to k.
void permute(CsrMatrix& out, const NpyArray& data, const std::vector<std::int64_t>& columns,
             const std::vector<std::int64_t>& order) {
  const std::size_t item = out.dtype.itemsize;
  out.data.resize(order.size() * item);
  out.indices.resize(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    const auto from = static_cast<std::size_t>(order[k]);
    std::memcpy(out.data.data() + k * item, data.data + from * item, item);
    out.indices[k] = columns[from];
  }
}

}  // namespace

CsrMatrix read_npz(std::string_view bytes) {
  if (!bytes.starts_with("PK")) bad("this is not a ZIP archive, as .npz files are");
  const skops::File file =
      skops::File::from_memory(std::as_bytes(std::span(bytes)), {}, "the file");
  const Parts parts(file);
  const std::string format = parts.format();
  const std::vector<std::int64_t> shape = parts.integers("shape.npy");
  if (shape.size() != 2 || shape[0] < 0 || shape[1] < 0) {
    bad("the matrix has not two dimensions", "shape.npy");
  }
  // The rows of csr are there, one by one; those of csc and coo are only announced.
  constexpr std::int64_t most_rows = std::int64_t{1} << 28;
  if (format != "csr" && shape[0] > most_rows) {
    throw skops::Error(skops::Family::limit, "limit.rows",
                       "the matrix has more than " + std::to_string(most_rows) + " rows",
                       {.member = "shape.npy"}, "save it with tocsr(), or in parts");
  }
  CsrMatrix out;
  out.rows = static_cast<std::size_t>(shape[0]);
  out.columns = static_cast<std::size_t>(shape[1]);
  const NpyArray data = parts.read("data.npy");
  out.dtype = data.dtype;
  const std::size_t nnz = data.count;
  if (data.shape.size() != 1 && (format == "csr" || format == "csc" || format == "coo")) {
    bad("the values have not one dimension", "data.npy");
  }
  with_type(out.dtype, [](auto) {});
  const auto entries = [&](const char* name, std::size_t extent) {
    auto list = parts.integers(name);
    if (list.size() != nnz) bad("there are not as many indices as values", name);
    check_range(list, extent, name);
    return list;
  };
  if (format == "csr") {
    out.indices = entries("indices.npy", out.columns);
    out.indptr = parts.integers("indptr.npy");
    check_pointers(out.indptr, out.rows, nnz);
    out.data.assign(data.data, data.data + nnz * out.dtype.itemsize);
  } else if (format == "csc") {
    const auto rows = entries("indices.npy", out.rows);
    const auto indptr = parts.integers("indptr.npy");
    check_pointers(indptr, out.columns, nnz);
    std::vector<std::int64_t> columns(nnz);
    for (std::size_t j = 0; j < out.columns; ++j) {
      std::fill(columns.begin() + indptr[j], columns.begin() + indptr[j + 1],
                static_cast<std::int64_t>(j));
    }
    permute(out, data, columns, sort_by_row(rows, out.rows, out.indptr));
  } else if (format == "coo") {
    const auto rows = entries("row.npy", out.rows), columns = entries("col.npy", out.columns);
    permute(out, data, columns, sort_by_row(rows, out.rows, out.indptr));
    with_type(out.dtype, [&]<class T>(T) { sum_duplicates<T>(out); });
  } else {
    bad("a sparse matrix in the format '" + format + "' is not read", "format.npy",
        "convert it with tocsr() before saving");
  }
  return out;
}

skops::CsrView CsrMatrix::view() const {
  const auto vector = [](const void* data, skops::Dtype dtype, std::size_t n) {
    skops::ArrayView out;
    out.data = data;
    out.dtype = dtype;
    out.ndim = 1;
    out.shape[0] = static_cast<std::int64_t>(n);
    out.strides[0] = dtype.itemsize;
    return out;
  };
  skops::CsrView out;
  out.rows = rows;
  out.columns = columns;
  out.data = vector(data.data(), dtype, indices.size());
  out.indices = vector(indices.data(), skops::dtype_of<std::int64_t>, indices.size());
  out.indptr = vector(indptr.data(), skops::dtype_of<std::int64_t>, indptr.size());
  return out;
}

}  // namespace skops_cli
