// CPython, NumPy's C API and small owners for both. NumPy is imported with the first object or
// model, not with the package: audits and policies need none of it, and take a fraction of the
// time.
#pragma once

#define PY_ARRAY_UNIQUE_SYMBOL skops_numpy_api
#ifndef SKOPS_IMPORTS_NUMPY
#define NO_IMPORT_ARRAY
#endif
#include <nanobind/nanobind.h>
#include <numpy/arrayobject.h>

#include <exception>
#include <string>
#include <utility>

namespace skops_python {

// To be called by every function of the module that may reach arrays (module.cpp). Throws
// PythonError where NumPy cannot be imported. The GIL protects it.
void need_numpy();

// A reference that is given back; null is allowed.
class Ref {
 public:
  Ref() = default;
  explicit Ref(PyObject* owned) : object_(owned) {}
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Ref& operator=(Ref&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Ref() { Py_XDECREF(object_); }
  static Ref borrow(PyObject* object) {
    Py_XINCREF(object);
    return Ref(object);
  }
  PyObject* get() const { return object_; }
  PyObject* release() { return std::exchange(object_, nullptr); }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  PyObject* object_ = nullptr;
};

// Thrown where Python has an exception set.
struct PythonError : std::exception {
  const char* what() const noexcept override { return "a Python exception is set"; }
};

inline Ref checked(PyObject* owned) {
  if (owned == nullptr) throw PythonError();
  return Ref(owned);
}

// An attribute, or null where there is none.
inline Ref attribute(PyObject* object, PyObject* name) {
  PyObject* out = PyObject_GetAttr(object, name);
  if (out == nullptr) PyErr_Clear();
  return Ref(out);
}

}  // namespace skops_python
