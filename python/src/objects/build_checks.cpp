#include "objects/build_checks.hpp"

#include <algorithm>
#include <string>

namespace skops_python {
namespace {

// "module.Class", or an empty text where a class has no such names.
std::string name_of(PyObject* type) {
  const Ref module(PyObject_GetAttrString(type, "__module__")),
      name(PyObject_GetAttrString(type, "__qualname__"));
  const char* first =
      module && PyUnicode_Check(module.get()) ? PyUnicode_AsUTF8(module.get()) : nullptr;
  const char* last = name && PyUnicode_Check(name.get()) ? PyUnicode_AsUTF8(name.get()) : nullptr;
  PyErr_Clear();
  return first == nullptr || last == nullptr ? std::string() : std::string(first) + "." + last;
}

Ref find(PyTypeObject* type, std::span<const skops::Manifest> manifests) {
  const Ref found = checked(PyList_New(0));
  for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(type->tp_mro); ++k) {
    const std::string name = name_of(PyTuple_GET_ITEM(type->tp_mro, k));
    for (const skops::Manifest& manifest : manifests) {
      if (!std::binary_search(manifest.checks.begin(), manifest.checks.end(), name)) continue;
      const Ref module =
          checked(PyImport_ImportModule(("libskops.io.hooks." + manifest.id).c_str()));
      const Ref table = checked(PyObject_GetAttrString(module.get(), "CHECKS"));
      const Ref check = checked(PyMapping_GetItemString(table.get(), name.c_str()));
      if (PyList_Append(found.get(), check.get()) != 0) throw PythonError();
    }
  }
  return checked(PyList_AsTuple(found.get()));
}

}  // namespace

Ref checks_of(PyTypeObject* type, std::span<const skops::Manifest> manifests) {
  // By type; holds the types, as sys.modules does.
  static PyObject* const known = PyDict_New();
  if (known == nullptr) throw PythonError();
  auto* key = reinterpret_cast<PyObject*>(type);
  PyObject* const at = PyDict_GetItemWithError(known, key);
  if (at == nullptr && PyErr_Occurred()) throw PythonError();
  Ref checks = at != nullptr ? Ref::borrow(at) : find(type, manifests);
  if (at == nullptr && PyDict_SetItem(known, key, checks.get()) != 0) throw PythonError();
  return PyTuple_GET_SIZE(checks.get()) == 0 ? Ref() : std::move(checks);
}

}  // namespace skops_python
