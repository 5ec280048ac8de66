// A bound method of a native model as a Python callable: `model.predict(X)`.
//
// A C function with a capsule behind it, found in the instance's dictionary, so that a call costs
// little more than the kernel.
#pragma once

#include <memory>

#include "python.hpp"
#include "skops/error.hpp"
#include "skops/model.hpp"

namespace skops_python {

// A new reference to a callable `name(X, **options)`. Keeps the model alive.
PyObject* make_method(std::shared_ptr<const skops::Model> model, int index);

// Sets the Python exception for a skops::Error. Needs the GIL.
void raise(const skops::Error& error);
// Sets what `libskops.errors` provides: a dict of family number to exception class.
void set_exception_classes(PyObject* classes);

}  // namespace skops_python
