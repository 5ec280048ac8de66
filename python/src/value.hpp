// Attributes of a model as plain Python values: numbers, texts, containers, NumPy arrays that
// cannot be written to, and stored objects, whose attributes are read in the same way.
#pragma once

#include <memory>

#include "python.hpp"
#include "skops/model.hpp"

namespace skops_python {

using ModelPointer = std::shared_ptr<const skops::Model>;

// A new reference. Names become their dotted texts.
PyObject* to_python(const skops::Value& value, const ModelPointer& model);

// A new Python object for Value::node of this model; module.cpp.
PyObject* make_object(const ModelPointer& model, std::uint64_t node);

}  // namespace skops_python
