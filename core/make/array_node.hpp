// The node of an array: NumPy's NPY format in a member of its own, or, for Python objects, a node a
// cell.
//
//   header: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }  spaces  \n
//
// The bytes are those that NumPy writes for the same array in C order, so that equal arrays of any
// origin become one member.
#pragma once

#include <cstddef>
#include <vector>

#include "skops/plugin.h"
#include "writer/draft.hpp"

namespace skops {

// `scalar`: a NumPy scalar, for an array without dimensions. Throws skops::Error: `usage`
// ("make.array") for an array that describes itself wrongly, `unsupported` ("make.dtype") for
// dtypes that no file holds.
Draft::Handle array_node(Draft& draft, const skops_array& array, bool scalar);

// The array as an NPY member; not for cells.
std::vector<std::byte> npy_bytes(const skops_array& array);

}  // namespace skops
