#include "sparse.hpp"

#include <algorithm>
#include <numeric>

#include "skops/sdk/npy.hpp"

namespace skops_scipy {
namespace {

using namespace skops::sdk;

// The arrays of one .npz member.
class Parts {
 public:
  Parts(Loading in, std::string_view member) : in_(in), member_(member) {}

  Npy read(const char* name) const {
    skops_bytes bytes{};
    check(in_.host->inner_member(in_.context, str(member_), str(name), &bytes));
    require(bytes.data != nullptr,
            [&] { return "a sparse matrix lacks its " + std::string(name); });
    return read_npy(bytes, limits_of(in_).npy_header_bytes);
  }
  std::vector<std::int64_t> integers(const char* name) const {
    const Npy npy = read(name);
    require(npy.shape.size() == 1, "the indices of a sparse matrix must have one dimension");
    return as_view<std::int64_t>(npy, "the indices of a sparse matrix must be integers");
  }
  std::vector<double> numbers(const char* name, std::size_t rank) const {
    const Npy npy = read(name);
    require(npy.shape.size() == rank, "the data of a sparse matrix has a wrong rank");
    data_float32_ = npy.dtype.kind == 'f' && npy.dtype.itemsize == 4;
    shape_ = npy.shape;
    return as_view<double>(npy, "the data of a sparse matrix must be numbers");
  }
  const std::vector<std::int64_t>& data_shape() const { return shape_; }
  bool is_float32() const { return data_float32_; }
  void charge(std::uint64_t bytes) const { check(in_.host->charge(in_.context, bytes)); }

 private:
  template <class T>
  std::vector<T> as_view(const Npy& npy, const char* message) const {
    const bool integer = npy.dtype.kind == 'i' || npy.dtype.kind == 'u';
    const bool fits =
        integer || (std::is_same_v<T, double> && (npy.dtype.kind == 'f' || npy.dtype.kind == 'b'));
    require(fits && npy.dtype.itemsize <= 8, message);
    charge(npy.size * (sizeof(T) + npy.dtype.itemsize));
    skops_dtype dtype = npy.dtype;
    std::vector<char> swapped;
    const char* data = npy.data;
    if (dtype.swapped) {
      swapped.resize(npy.size * dtype.itemsize);
      copy_swapped(swapped.data(), data, swapped.size(), dtype.itemsize);
      data = swapped.data();
    }
    const skops_array raw = {sizeof raw,        data, &dtype, npy.shape.size(), npy.shape.data(),
                             npy.strides.data()};
    return ArrayView(&raw).to_vector<T>();
  }

  Loading in_;
  std::string_view member_;
  mutable std::vector<std::int64_t> shape_;
  mutable bool data_float32_ = false;
};

struct Triplets {
  std::vector<std::int64_t> rows, columns;
  std::vector<double> values;
};

void check_pointers(const std::vector<std::int64_t>& indptr, std::size_t major, std::size_t nnz) {
  require(indptr.size() == major + 1, "indptr of a sparse matrix has a wrong length");
  require(indptr.front() == 0, "indptr of a sparse matrix does not start at 0");
  require(std::is_sorted(indptr.begin(), indptr.end()), "indptr of a sparse matrix decreases");
  require(indptr.back() == static_cast<std::int64_t>(nnz),
          "indptr of a sparse matrix does not end at its number of entries");
}

void check_range(const std::vector<std::int64_t>& indices, std::int64_t extent) {
  for (const std::int64_t index : indices) {
    require(index >= 0 && index < extent, "an index of a sparse matrix is out of range");
  }
}

// csr (major = rows), csc (major = columns), bsr (in blocks).
Triplets compressed(const Parts& parts, std::int64_t rows, std::int64_t columns, bool by_column) {
  Triplets out;
  out.values = parts.numbers("data.npy", 1);
  auto minor = parts.integers("indices.npy");
  const auto indptr = parts.integers("indptr.npy");
  const std::int64_t major = by_column ? columns : rows;
  require(minor.size() == out.values.size(),
          "indices and data of a sparse matrix differ in length");
  check_pointers(indptr, static_cast<std::size_t>(major), minor.size());
  check_range(minor, by_column ? rows : columns);
  std::vector<std::int64_t> major_of(minor.size());
  for (std::size_t i = 0; i + 1 < indptr.size(); ++i) {
    std::fill(major_of.begin() + indptr[i], major_of.begin() + indptr[i + 1],
              static_cast<std::int64_t>(i));
  }
  out.rows = by_column ? std::move(minor) : major_of;
  out.columns = by_column ? std::move(major_of) : std::move(minor);
  return out;
}

Triplets coordinates(const Parts& parts, std::int64_t rows, std::int64_t columns) {
  Triplets out;
  out.values = parts.numbers("data.npy", 1);
  out.rows = parts.integers("row.npy");
  out.columns = parts.integers("col.npy");
  require(out.rows.size() == out.values.size() && out.columns.size() == out.values.size(),
          "the coordinates of a sparse matrix differ in length");
  check_range(out.rows, rows);
  check_range(out.columns, columns);
  return out;
}

Triplets blocks(const Parts& parts, std::int64_t rows, std::int64_t columns) {
  Triplets out;
  const auto values = parts.numbers("data.npy", 3);
  const auto shape = parts.data_shape();
  const auto minor = parts.integers("indices.npy");
  const auto indptr = parts.integers("indptr.npy");
  const std::int64_t r = shape[1], c = shape[2];
  require(r > 0 && c > 0 && rows % r == 0 && columns % c == 0 &&
              static_cast<std::size_t>(shape[0]) == minor.size(),
          "the blocks of a sparse matrix do not fit its shape");
  check_pointers(indptr, static_cast<std::size_t>(rows / r), minor.size());
  check_range(minor, columns / c);
  parts.charge(values.size() * 24);
  std::size_t k = 0;
  for (std::size_t i = 0; i + 1 < indptr.size(); ++i) {
    for (std::int64_t b = indptr[i]; b < indptr[i + 1]; ++b) {
      for (std::int64_t y = 0; y < r; ++y) {
        for (std::int64_t x = 0; x < c; ++x) {
          out.rows.push_back(static_cast<std::int64_t>(i) * r + y);
          out.columns.push_back(minor[static_cast<std::size_t>(b)] * c + x);
          out.values.push_back(values[k++]);
        }
      }
    }
  }
  return out;
}

Triplets diagonals(const Parts& parts, std::int64_t rows, std::int64_t columns) {
  Triplets out;
  const auto values = parts.numbers("data.npy", 2);
  const auto shape = parts.data_shape();
  const auto offsets = parts.integers("offsets.npy");
  require(static_cast<std::size_t>(shape[0]) == offsets.size(),
          "the diagonals of a sparse matrix differ in number");
  parts.charge(values.size() * 24);
  for (std::size_t d = 0; d < offsets.size(); ++d) {
    require(offsets[d] > -rows - 1 && offsets[d] < columns + 1,
            "a diagonal of a sparse matrix is out of range");
    for (std::int64_t j = 0; j < std::min(shape[1], columns); ++j) {
      const std::int64_t i = j - offsets[d];
      if (i < 0 || i >= rows) continue;
      out.rows.push_back(i);
      out.columns.push_back(j);
      out.values.push_back(
          values[d * static_cast<std::size_t>(shape[1]) + static_cast<std::size_t>(j)]);
    }
  }
  return out;
}

template <class T>
T* memory(Loading in, std::size_t count) {
  void* out = nullptr;
  check(in.host->allocate(in.context, count * sizeof(T), &out));
  return static_cast<T*>(out);
}

template <class T>
void make_csr(Loading in, Triplets& t, std::size_t rows, std::size_t columns, skops_value* value) {
  std::vector<std::size_t> order(t.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto before = [&](std::size_t a, std::size_t b) {
    return t.rows[a] != t.rows[b] ? t.rows[a] < t.rows[b] : t.columns[a] < t.columns[b];
  };
  if (!std::is_sorted(order.begin(), order.end(), before)) {
    std::stable_sort(order.begin(), order.end(), before);
  }
  T* data = memory<T>(in, order.size());
  auto* indices = memory<std::int32_t>(in, order.size());
  auto* indptr = memory<std::int32_t>(in, rows + 1);
  std::fill(indptr, indptr + rows + 1, 0);
  std::size_t n = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::size_t e = order[k];
    const bool repeated =
        k > 0 && t.rows[order[k - 1]] == t.rows[e] && t.columns[order[k - 1]] == t.columns[e];
    if (repeated) {
      data[n - 1] += static_cast<T>(t.values[e]);
      continue;
    }
    data[n] = static_cast<T>(t.values[e]);
    indices[n++] = static_cast<std::int32_t>(t.columns[e]);
    ++indptr[t.rows[e] + 1];
  }
  std::partial_sum(indptr, indptr + rows + 1, indptr);

  const auto nnz = static_cast<std::int64_t>(n), pointers = static_cast<std::int64_t>(rows) + 1;
  const std::int64_t item = sizeof(T), word = sizeof(std::int32_t);
  const skops_array a = {sizeof a, data, &dtype_of<T>, 1, &nnz, &item};
  const skops_array i = {sizeof i, indices, &dtype_of<std::int32_t>, 1, &nnz, &word};
  const skops_array p = {sizeof p, indptr, &dtype_of<std::int32_t>, 1, &pointers, &word};
  const skops_csr csr = {sizeof csr, rows, columns, &a, &i, &p};
  check(in.host->make_sparse(in.context, &csr, value));
}

std::string format_of(const Npy& npy) {
  require(npy.size == 1 && (npy.dtype.kind == 'S' || npy.dtype.kind == 'U') && !npy.dtype.swapped &&
              npy.dtype.itemsize <= 64,
          "a sparse matrix does not say its format");
  if (npy.dtype.kind == 'U') return ucs4_to_utf8(npy.data, npy.dtype.itemsize);
  return {npy.data, strnlen(npy.data, npy.dtype.itemsize)};
}

}  // namespace

void load_sparse(const Node& node, skops_value* value) {
  const Loading in = node.loading();
  const Parts parts(in, node["file"].text());
  const std::string format = format_of(parts.read("format.npy"));
  const auto shape = parts.integers("shape.npy");
  constexpr std::int64_t most = INT32_MAX;
  require(shape.size() == 2 && shape[0] >= 0 && shape[1] >= 0,
          "a sparse matrix has two dimensions");
  if (shape[0] >= most || shape[1] >= most) unsupported("a sparse matrix of 2^31 rows or columns");
  parts.charge((static_cast<std::uint64_t>(shape[0]) + 1) * 8);

  Triplets entries;
  if (format == "csr" || format == "csc") {
    entries = compressed(parts, shape[0], shape[1], format == "csc");
  } else if (format == "coo") {
    entries = coordinates(parts, shape[0], shape[1]);
  } else if (format == "bsr") {
    entries = blocks(parts, shape[0], shape[1]);
  } else if (format == "dia") {
    entries = diagonals(parts, shape[0], shape[1]);
  } else {
    malformed("'" + format + "' is not a sparse format that SciPy saves");
  }
  if (entries.values.size() >= static_cast<std::size_t>(most)) {
    unsupported("a sparse matrix of 2^31 entries");
  }
  parts.charge(entries.values.size() * 8);
  const auto rows = static_cast<std::size_t>(shape[0]),
             columns = static_cast<std::size_t>(shape[1]);
  if (parts.is_float32()) {
    make_csr<float>(in, entries, rows, columns, value);
  } else {
    make_csr<double>(in, entries, rows, columns, value);
  }
}

}  // namespace skops_scipy
