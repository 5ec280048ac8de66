// Looks at arrays of integers for the hooks' checks, which NumPy would take several passes and
// temporary arrays for.
#pragma once

#include <cstdint>

#include "python.hpp"

namespace skops_python {

// Whether all numbers of a one-dimensional array of integers or bools, in this machine's byte order
// (a field of records may be one), are in [first, end). Throws PythonError (TypeError) for others.
bool in_range(PyObject* array, std::int64_t first, std::int64_t end);

// Whether they are the numbers from 0 to their count, each once.
bool permutes(PyObject* array);

// Whether all values of a dict are integers from 0 to their count, itself left out. Throws PythonError
// (TypeError) for what is no dict.
bool values_in_range(PyObject* dict);

// Whether no number is smaller than the one before it.
bool rises(PyObject* array);

}  // namespace skops_python
