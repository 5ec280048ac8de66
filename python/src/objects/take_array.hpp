// NumPy's arrays as NPY members: the header in front of the array's own memory.
//
// The format is NumPy's (numpy.lib.format): version 1.0, or 2.0 for long headers, or 3.0 for field
// names beyond Latin-1; padded so that the numbers begin at a multiple of 64 bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "python.hpp"

namespace skops_python {

struct TakenArray {
  std::string head;
  std::span<const std::byte> body;
  Ref owner;  // what the body lies in, where that is not the array itself
};

// Whether a header says all of a dtype: not of objects, StringDType, dtypes of other libraries, and
// not what aligned or overlapping fields, titles and metadata add. Throws PythonError.
bool npy_holds(PyArray_Descr* dtype);

// Throws skops::Error (unsupported, "save.dtype") for dtypes that NPY cannot hold (of objects,
// StringDType, dtypes of other libraries).
TakenArray take_array(PyArrayObject* array);

}  // namespace skops_python
