#include "objects/take_names.hpp"

#include "objects/text.hpp"
#include "skops/error.hpp"
#include "trust/refused_names.hpp"

namespace skops_python {
namespace {

bool has(const char* module, PyObject* name, PyObject* object) {
  PyObject* modules = PyImport_GetModuleDict();
  PyObject* found = PyDict_GetItemString(modules, module);
  if (found == nullptr) return false;
  const Ref at = attribute(found, name);
  return at.get() == object;
}

// The first module that has it under its name, the public ones before all others.
std::string search(PyObject* object, PyObject* name) {
  for (const char* module : {"builtins", "numpy", "scipy.special._special_ufuncs",
                             "scipy.special._ufuncs", "scipy.special", "numpy.random"}) {
    if (has(module, name, object)) return module;
  }
  const Ref modules = checked(PyDict_Copy(PyImport_GetModuleDict()));
  const Ref keys = checked(PyDict_Keys(modules.get()));
  if (PyList_Sort(keys.get()) != 0) PyErr_Clear();
  for (Py_ssize_t k = 0; k < PyList_GET_SIZE(keys.get()); ++k) {
    PyObject* key = PyList_GET_ITEM(keys.get(), k);
    PyObject* module = PyDict_GetItem(modules.get(), key);
    if (!PyUnicode_Check(key) || module == nullptr || !PyModule_Check(module)) continue;
    const std::string text(text_of(key));
    if (text == "__main__" || text == "__mp_main__") continue;
    if (attribute(module, name).get() == object) return text;
  }
  return "__main__";
}

// The public name of a type that Python calls `builtins.NoneType`, where nothing is.
const char* name_in_types(PyObject* type) {
  const auto is_of = [&](PyObject* singleton) {
    return type == reinterpret_cast<PyObject*>(Py_TYPE(singleton));
  };
  return is_of(Py_None)             ? "NoneType"
         : is_of(Py_Ellipsis)       ? "EllipsisType"
         : is_of(Py_NotImplemented) ? "NotImplementedType"
                                    : nullptr;
}

TakenName find(PyObject* object) {
  static PyObject* const name_key = PyUnicode_InternFromString("__name__");
  static PyObject* const module_key = PyUnicode_InternFromString("__module__");
  const Ref name = attribute(object, name_key);
  if (!name || !PyUnicode_Check(name.get())) {
    throw skops::Error(skops::Family::unsupported, "save.name", "an object without a name", {},
                       "give it a __name__ under which its module has it");
  }
  const Ref module = attribute(object, module_key);
  TakenName out;
  out.name = text_of(name.get());
  out.module = module && PyUnicode_Check(module.get()) ? std::string(text_of(module.get()))
                                                       : search(object, name.get());
  if (has(out.module.c_str(), name.get(), object)) return out;
  if (const char* public_name = name_in_types(object)) return {"types", public_name};
  // A module that nobody imported yet under that name: builtin types are called so by their
  // authors.
  const Ref imported(PyImport_ImportModule(out.module.c_str()));
  if (!imported) PyErr_Clear();
  if (imported && attribute(imported.get(), name.get()).get() == object) return out;
  throw skops::Error(skops::Family::unsupported, "save.name",
                     "nothing would find " + out.module + "." + out.name +
                         " again: its module has no such name, or another object under it",
                     {}, "define it at the top level of a module that can be imported");
}

}  // namespace

TakenName find_name(PyObject* object) {
  TakenName out = find(object);
  const std::string name = out.module + '.' + out.name;
  std::string_view reason = skops::refused_reason(name);
  if (reason.empty()) reason = skops::refused_unless_seen(name);
  if (!reason.empty()) {
    throw skops::Error(skops::Family::unsupported, "save.refused-name",
                       "nobody would load " + name + ": " + std::string(reason), {},
                       "keep what it is made of, or do in the program what it does");
  }
  return out;
}

}  // namespace skops_python
