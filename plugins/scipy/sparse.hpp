// SparseMatrixNode: a member that is itself an archive, as scipy.sparse.save_npz writes it
// (format.npy, shape.npy, data.npy, and indices + indptr, row + col, or offsets), read as CSR.
//
// Everything that a product would index by is checked: format, shape, lengths, indptr from 0 to nnz
// without decreasing, indices in range. Formats csr, csc, coo, dia and bsr all become CSR with
// sorted int32 indices; duplicates are added up, as SciPy does when it converts.
#pragma once

#include "skops/sdk/serializer.hpp"

namespace skops_scipy {

void load_sparse(const skops::sdk::Node& node, skops_value* value);

}  // namespace skops_scipy
