// NumPy's NPY format (1.0, 2.0, 3.0; numpy.lib.format) as fresh arrays: writable, owning their
// data.
//
//   "\x93NUMPY" major minor  header length (2 or 4 bytes)  header  data
//   header: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }  spaces  \n
//
// Only what NumPy writes is read. The data must be exactly as long as the header says, which is
// known, and charged, before anything is allocated; they are copied once. Bytes that are no value
// of their type (a bool of 2, a code point beyond Unicode) are refused: NumPy's compiled code takes
// them for what they cannot be.
#pragma once

#include <cstddef>
#include <span>

#include "python.hpp"
#include "skops/limits.hpp"

namespace skops_python {

// Throws skops::Error (malformed, limit) or PythonError.
Ref read_npy(std::span<const std::byte> bytes, skops::Budget& budget);

}  // namespace skops_python
