// NPY and NPZ.
#include <cstring>

#include "results/npy_writer.hpp"
#include "results/results.hpp"
#include "results/zip_writer.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

using skops::Array;
using skops::Csr;
using skops::Dtype;
using skops::Result;

[[noreturn]] void no_form(const std::string& text, const char* remedy) {
  throw skops::Error(skops::Family::unsupported, "output.shape", text, {}, remedy);
}

void add_array(ZipWriter& zip, const std::string& name, const Array& array) {
  zip.add(name, {npy_header(npy_descr(array.dtype()), array.shape()), bytes_of(array)});
}

void add_matrix(ZipWriter& zip, const Csr& matrix) {
  const std::int64_t shape[] = {static_cast<std::int64_t>(matrix.rows),
                                static_cast<std::int64_t>(matrix.columns)};
  const std::int64_t two = 2;
  add_array(zip, "indices.npy", matrix.indices);
  add_array(zip, "indptr.npy", matrix.indptr);
  zip.add("format.npy", {npy_header("|S3", {}), "csr"});
  zip.add("shape.npy",
          {npy_header("<i8", {&two, 1}), {reinterpret_cast<const char*>(shape), sizeof shape}});
  add_array(zip, "data.npy", matrix.data);
}

// The entries of a dense matrix that are not zero, as scipy.sparse.csr_matrix(x) keeps them.
Csr sparse_of(const Array& array) {
  const Dtype dtype = array.dtype();
  const bool number =
      dtype.kind == 'f' || dtype.kind == 'i' || dtype.kind == 'u' || dtype.kind == 'b';
  if (array.shape().size() != 2 || !number) {
    no_form("the result is no matrix of numbers, which .npz holds", "write it as .npy or .csv");
  }
  const auto rows = static_cast<std::size_t>(array.shape()[0]),
             columns = static_cast<std::size_t>(array.shape()[1]);
  auto data = std::make_shared<std::vector<char>>();
  auto indices = std::make_shared<std::vector<std::int32_t>>(),
       indptr = std::make_shared<std::vector<std::int32_t>>(1);
  const char* at = static_cast<const char*>(array.data());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j, at += dtype.itemsize) {
      // Negative zero is a zero, NaN is none; half precision differs by its sign bit only.
      bool zero = true;
      for (std::uint32_t b = 0; b < dtype.itemsize; ++b) {
        const bool top = b + 1 == dtype.itemsize && dtype.kind == 'f';
        zero &= (at[b] & (top ? 0x7f : 0xff)) == 0;
      }
      if (zero) continue;
      data->insert(data->end(), at, at + dtype.itemsize);
      indices->push_back(static_cast<std::int32_t>(j));
    }
    if (indices->size() > INT32_MAX) no_form("the matrix has too many entries", "write .npy");
    indptr->push_back(static_cast<std::int32_t>(indices->size()));
  }
  const auto nnz = static_cast<std::int64_t>(indices->size());
  const auto keep = [](auto& list) { return std::shared_ptr<const void>(list, list->data()); };
  return {
      rows, columns, Array(dtype, {nnz}, keep(data)),
      Array(skops::dtype_of<std::int32_t>, {nnz}, keep(indices)),
      Array(skops::dtype_of<std::int32_t>, {static_cast<std::int64_t>(rows) + 1}, keep(indptr))};
}

void add_list(ZipWriter& zip, const Result& result, std::size_t& k) {
  switch (result.kind) {
    case Result::Kind::array:
      add_array(zip, "arr_" + std::to_string(k++) + ".npy", without_cells(result.array));
      return;
    case Result::Kind::csr: no_form("the result is a list with sparse matrices", "use --json");
    case Result::Kind::list:
    case Result::Kind::tuple:
      for (const Result& item : result.items) add_list(zip, item, k);
      return;
  }
}

}  // namespace

void write_npy(const Result& result, OutFile& out) {
  if (result.kind == Result::Kind::array) {
    const Array array = without_cells(result.array);
    out.write(npy_header(npy_descr(array.dtype()), array.shape()));
    out.write(bytes_of(array));
    return;
  }
  if (result.kind != Result::Kind::csr) {
    no_form("the result is a list of arrays, and .npy holds one", "write it as .npz or .csv");
  }
  // Row by row, so that only the file is large.
  const Csr& matrix = result.csr;
  const std::size_t item = matrix.data.dtype().itemsize;
  const std::int64_t shape[] = {static_cast<std::int64_t>(matrix.rows),
                                static_cast<std::int64_t>(matrix.columns)};
  out.write(npy_header(npy_descr(matrix.data.dtype()), shape));
  const auto indptr = matrix.indptr.as<std::int32_t>(), indices = matrix.indices.as<std::int32_t>();
  const char* data = static_cast<const char*>(matrix.data.data());
  std::string row;
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    row.assign(matrix.columns * item, '\0');
    for (auto k = static_cast<std::size_t>(indptr[i]); k < static_cast<std::size_t>(indptr[i + 1]);
         ++k) {
      std::memcpy(row.data() + static_cast<std::size_t>(indices[k]) * item, data + k * item, item);
    }
    out.write(row);
  }
}

void write_npz(const Result& result, OutFile& out) {
  ZipWriter zip(out);
  switch (result.kind) {
    case Result::Kind::csr: add_matrix(zip, result.csr); break;
    case Result::Kind::array: add_matrix(zip, sparse_of(result.array)); break;
    case Result::Kind::list:
    case Result::Kind::tuple: {
      std::size_t k = 0;
      add_list(zip, result, k);
      break;
    }
  }
  zip.finish();
}

}  // namespace skops_cli
