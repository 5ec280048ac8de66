// Sparse matrices as scipy.sparse.save_npz writes them (csr, csc, coo), as rows: a ZIP archive of
// NPY members, read with the core's strict reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "skops/array.hpp"

namespace skops_cli {

struct CsrMatrix {
  std::size_t rows = 0, columns = 0;
  skops::Dtype dtype;
  std::vector<char> data;
  std::vector<std::int64_t> indices, indptr;

  skops::CsrView view() const;
};

// Every index is checked. Throws skops::Error (input, code "data.npz").
CsrMatrix read_npz(std::string_view bytes);

}  // namespace skops_cli
