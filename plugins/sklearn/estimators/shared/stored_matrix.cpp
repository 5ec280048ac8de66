#include "estimators/shared/stored_matrix.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

StoredMatrix from_sparse(const Value& value, const char* name) {
  const skops_csr& csr = value.sparse();
  StoredMatrix out;
  out.rows = static_cast<std::size_t>(csr.rows);
  out.columns = static_cast<std::size_t>(csr.columns);
  std::size_t cells = 0, bytes = 0;
  require(!__builtin_mul_overflow(out.rows, out.columns, &cells) &&
              !__builtin_mul_overflow(cells, sizeof(double), &bytes),
          [&] { return std::string(name) + " is too large"; });
  check(value.loading().host->charge(value.loading().context, bytes));
  out.values.resize(cells);
  const ArrayView data(csr.data);
  out.float32 = data.is<float>();
  const auto numbers = data.to_vector<double>();
  const auto indices = ArrayView(csr.indices).to_vector<std::int64_t>();
  const auto indptr = ArrayView(csr.indptr).to_vector<std::int64_t>();
  for (std::size_t i = 0; i < out.rows; ++i)
    for (auto k = static_cast<std::size_t>(indptr[i]); k < static_cast<std::size_t>(indptr[i + 1]);
         ++k)
      out.values[i * out.columns + static_cast<std::size_t>(indices[k])] += numbers[k];
  return out;
}

}  // namespace

StoredMatrix read_matrix(const Value& value, const char* name) {
  if (value.is(Kind::sparse)) return from_sparse(value, name);
  if (!value.is(Kind::array)) malformed(std::string(name) + " must be an array");
  const ArrayView a = value.array();
  require((a.ndim() == 1 || a.ndim() == 2) && a.numeric(),
          [&] { return std::string(name) + " must be a vector or a matrix of numbers"; });
  StoredMatrix out;
  out.one_dimensional = a.ndim() == 1;
  out.rows = out.one_dimensional ? 1 : a.extent(0);
  out.columns = a.extent(a.ndim() - 1);
  out.float32 = a.kind() == 'f' && a.itemsize() <= 4;
  out.values = a.to_vector<double>();
  return out;
}

StoredMatrix transposed(const StoredMatrix& m) {
  StoredMatrix out = m;
  out.rows = m.columns;
  out.columns = m.rows;
  for (std::size_t i = 0; i < m.rows; ++i)
    for (std::size_t j = 0; j < m.columns; ++j)
      out.values[j * m.rows + i] = m.values[i * m.columns + j];
  return out;
}

StoredVector read_vector(const Value& value, std::size_t size, const char* name) {
  StoredVector out;
  // A matrix without columns has as many rows as it says, so one number becomes as many.
  const auto repeated = [&](double number) {
    std::size_t bytes = 0;
    require(!__builtin_mul_overflow(size, 3 * sizeof(double), &bytes),
            [&] { return std::string(name) + " is too large"; });
    check(value.loading().host->charge(value.loading().context, bytes));
    out.values.assign(size, number);
  };
  if (value.is(Kind::array)) {
    const ArrayView a = value.array();
    require(a.numeric() && (a.size() == size || a.size() == 1),
            [&] { return std::string(name) + " must have " + std::to_string(size) + " elements"; });
    out.float32 = a.kind() == 'f' && a.itemsize() <= 4;
    out.values = a.to_vector<double>();
    if (out.values.size() != size) repeated(out.values[0]);
    return out;
  }
  out.float32 = true;
  repeated(value.real());
  return out;
}

}  // namespace skops_sklearn
