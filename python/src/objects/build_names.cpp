#include "objects/build_names.hpp"

#include "skops/error.hpp"
#include "trust/brought_name.hpp"

namespace skops_python {
namespace {

Ref text(std::string_view s) {
  return checked(PyUnicode_FromStringAndSize(s.data(), static_cast<Py_ssize_t>(s.size())));
}

// As importlib.import_module does, but for the look at what is there already.
Ref import(PyObject* name) {
  PyObject* known = PyImport_GetModule(name);
  if (known != nullptr) return Ref(known);
  if (PyErr_Occurred()) throw PythonError();
  return checked(PyImport_Import(name));
}

// Modules that a library has called otherwise: scikit-learn 1.4 and 1.5 built this one without its
// package, and nobody else's of that name may be imported in its place.
std::string_view moved_module(std::string_view module) {
  return module == "_loss" ? "sklearn._loss._loss" : module;
}

// Names whose place is another one in the libraries that are installed. They were audited under the
// name that the file writes, and mean the same object.
Ref moved(std::string_view module, std::string_view name) {
  if (module == "builtins" && name == "NoneType") {
    return Ref::borrow(reinterpret_cast<PyObject*>(Py_TYPE(Py_None)));
  }
  if (module == "builtins" && name == "ellipsis") {
    return Ref::borrow(reinterpret_cast<PyObject*>(Py_TYPE(Py_Ellipsis)));
  }
  if (module == "numpy" && (name == "bool" || name == "bool_")) {
    return Ref::borrow(reinterpret_cast<PyObject*>(&PyBoolArrType_Type));
  }
  return Ref();
}

Ref attribute_of(PyObject* module, std::string_view module_name, std::string_view name) {
  PyObject* found = PyObject_GetAttr(module, text(name).get());
  if (found != nullptr) return Ref(found);
  if (!PyErr_ExceptionMatches(PyExc_AttributeError)) throw PythonError();
  PyObject *type, *value, *trace;
  PyErr_Fetch(&type, &value, &trace);
  if (Ref other = moved(module_name, name)) {
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(trace);
    return other;
  }
  PyErr_Restore(type, value, trace);
  throw PythonError();
}

}  // namespace

ApprovedNames::ApprovedNames(const skops::ApprovedGraph& approved)
    : approved_(approved), modules_(approved.graph()->names()) {}

void ApprovedNames::check(skops::NodeId node) const {
  if (approved_.buildable(node)) return;
  throw skops::Error(skops::Family::untrusted, "trust.undecided",
                     "a name that nobody has approved would be built",
                     {.path = approved_.graph()->path(node)});
}

Ref ApprovedNames::of(skops::NodeId node) {
  check(node);
  const skops::Graph& graph = *approved_.graph();
  Ref& module = modules_[graph.node(node).module];
  if (!module) module = import(text(moved_module(graph.module(node))).get());
  return attribute_of(module.get(), graph.module(node), graph.cls(node));
}

Ref ApprovedNames::brought(skops::NodeId node, const skops::BroughtName& brought) {
  check(node);
  const auto [module, name] = skops::brought_text(*approved_.graph(), node, brought);
  return attribute_of(import(text(module).get()).get(), module, name);
}

Ref ApprovedNames::method_name(skops::NodeId node, const skops::BroughtName& brought) {
  check(node);
  return text(skops::brought_text(*approved_.graph(), node, brought).name);
}

}  // namespace skops_python
