#include "objects/build_checks.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "skops/error.hpp"

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
  // Those of the bases first: what they say of the attributes holds for the others.
  for (Py_ssize_t k = PyTuple_GET_SIZE(type->tp_mro); k-- > 0;) {
    const std::string name = name_of(PyTuple_GET_ITEM(type->tp_mro, k));
    for (const skops::Manifest& manifest : manifests) {
      if (!std::binary_search(manifest.checks.begin(), manifest.checks.end(), name)) continue;
      const Ref check = hook_entry(hooks_of(manifest), "CHECKS", name);
      if (PyList_Append(found.get(), check.get()) != 0) throw PythonError();
    }
  }
  return checked(PyList_AsTuple(found.get()));
}

}  // namespace

std::string hooks_of(const skops::Manifest& manifest) {
  return manifest.hooks.empty() ? "libskops.io.hooks." + manifest.id : manifest.hooks;
}

Ref hook_entry(const std::string& hooks, const char* table, const std::string& key) {
  const Ref module(PyImport_ImportModule(hooks.c_str()));
  const Ref entries(module ? PyObject_GetAttrString(module.get(), table) : nullptr);
  Ref entry(entries ? PyMapping_GetItemString(entries.get(), key.c_str()) : nullptr);
  if (entry) return entry;
  if (!PyErr_ExceptionMatches(PyExc_ImportError) && !PyErr_ExceptionMatches(PyExc_AttributeError) &&
      !PyErr_ExceptionMatches(PyExc_KeyError)) {
    throw PythonError();
  }
  PyErr_Clear();
  throw skops::Error(skops::Family::plugin, "plugin.hook",
                     hooks + " has no " + table + "[\"" + key + "\"], or cannot be imported", {},
                     "report this to the authors of the hook");
}

Ref checks_of(PyTypeObject* type, std::span<const skops::Manifest> manifests) {
  // By the plugins of a host, then by type; holds the types, as sys.modules does.
  static std::map<const skops::Manifest*, PyObject*> by_host;
  PyObject*& known = by_host[manifests.data()];
  if (known == nullptr) known = checked(PyDict_New()).release();
  auto* key = reinterpret_cast<PyObject*>(type);
  PyObject* const at = PyDict_GetItemWithError(known, key);
  if (at == nullptr && PyErr_Occurred()) throw PythonError();
  Ref checks = at != nullptr ? Ref::borrow(at) : find(type, manifests);
  if (at == nullptr && PyDict_SetItem(known, key, checks.get()) != 0) throw PythonError();
  return PyTuple_GET_SIZE(checks.get()) == 0 ? Ref() : std::move(checks);
}

}  // namespace skops_python
