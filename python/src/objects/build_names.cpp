#include "objects/build_names.hpp"

#include "schema/key_hash.hpp"
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

// A class of Python's own or of NumPy, from the last ones met: these names mean the same classes as
// long as the process lasts. Null where it is none that is known.
class LastingClasses {
 public:
  static Ref find(std::string_view module, std::string_view name) {
    const Known& known = place(module, name);
    const bool same = known.object != nullptr && known.name == name && known.module == module;
    return same ? Ref::borrow(known.object) : Ref();
  }
  static void add(std::string_view module, std::string_view name, const Ref& object) {
    if (!PyType_Check(object.get()) || name.size() > 64) return;
    Known& known = place(module, name);
    Py_XDECREF(known.object);
    known = {Ref::borrow(object.get()).release(), std::string(module), std::string(name)};
  }
  static bool may_hold(std::string_view module) {
    return module == "builtins" || module == "numpy";
  }

 private:
  struct Known {
    PyObject* object = nullptr;  // owned
    std::string module, name;
  };
  static Known& place(std::string_view module, std::string_view name) {
    static auto* const known = new Known[128];  // guarded by the GIL, never freed
    return known[(skops::key_hash(name) + module.size()) % 128];
  }
};

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
  const std::string_view from = graph.module(node), name = graph.cls(node);
  const bool lasting = LastingClasses::may_hold(from);
  if (lasting) {
    if (Ref known = LastingClasses::find(from, name)) return known;
  }
  Ref& module = modules_[graph.node(node).module];
  if (!module) module = import(text(moved_module(from)).get());
  Ref out = attribute_of(module.get(), from, name);
  if (lasting) LastingClasses::add(from, name, out);
  return out;
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
