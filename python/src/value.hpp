// Attributes of a model as plain Python values: numbers, texts, containers, NumPy arrays.
#pragma once

#include "python.hpp"
#include "skops/model.hpp"

namespace skops_python {

// A new reference. Objects and names become their dotted names.
PyObject* to_python(const skops::Value& value);

}  // namespace skops_python
