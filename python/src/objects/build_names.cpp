#include "objects/build_names.hpp"

#include "objects/text.hpp"
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

struct OwnName {
  std::string module, name;
};

// An attribute that is a text, or an empty one.
std::string text_attribute(PyObject* object, const char* name) {
  const Ref found(PyObject_GetAttrString(object, name));
  const char* out = found && PyUnicode_Check(found.get()) ? PyUnicode_AsUTF8(found.get()) : nullptr;
  PyErr_Clear();
  return out == nullptr ? std::string() : out;
}

// What an object says that it is called: "posix", "system". A built-in method says of no module,
// its owner's class does; other objects are called as their class.
OwnName own_name(PyObject* object) {
  OwnName out{text_attribute(object, "__module__"), text_attribute(object, "__qualname__")};
  if (out.name.empty()) out.name = text_attribute(object, "__name__");
  if (out.module.empty() && !out.name.empty()) {
    Ref owner(PyObject_GetAttrString(object, "__objclass__"));
    if (!owner) {
      PyErr_Clear();
      const Ref self(PyObject_GetAttrString(object, "__self__"));
      if (self) owner = Ref::borrow(reinterpret_cast<PyObject*>(Py_TYPE(self.get())));
    }
    PyErr_Clear();
    if (owner) out.module = text_attribute(owner.get(), "__module__");
  }
  if (out.module.empty() || out.name.empty()) {
    auto* type = reinterpret_cast<PyObject*>(Py_TYPE(object));
    out = {text_attribute(type, "__module__"), text_attribute(type, "__qualname__")};
  }
  // The class of functions is called as the labels of old files, which are harmless.
  if (object == reinterpret_cast<PyObject*>(&PyFunction_Type)) out = {"types", "FunctionType"};
  return out;
}

// Whether it is a class that calls itself so, as nearly all do: they need no closer look.
bool is_class_called(PyObject* object, std::string_view module, std::string_view name) {
  static PyObject* const module_key = PyUnicode_InternFromString("__module__");
  static PyObject* const name_key = PyUnicode_InternFromString("__qualname__");
  if (!PyType_Check(object)) return false;
  const auto is = [&](PyObject* key, std::string_view wanted) {
    const Ref own = attribute(object, key);
    return own && PyUnicode_Check(own.get()) && text_of(own.get()) == wanted;
  };
  return is(name_key, name) && is(module_key, module);
}

constexpr int most_wrappings = 16;  // partial functions of partial functions

}  // namespace

ApprovedNames::ApprovedNames(const skops::ApprovedGraph& approved, skops::ActualNames actual)
    : approved_(approved), actual_(std::move(actual)), modules_(approved.graph()->names()) {}

void ApprovedNames::check(skops::NodeId node) const {
  if (approved_.buildable(node)) return;
  throw skops::Error(skops::Family::untrusted, "trust.undecided",
                     "a name that nobody has approved would be built",
                     {.path = approved_.graph()->path(node)});
}

void ApprovedNames::check_actual(skops::NodeId node, std::string_view module, std::string_view name,
                                 PyObject* found) {
  if (is_class_called(found, module, name)) return;
  const std::string audited = std::string(module) + '.' + std::string(name);
  Ref object = Ref::borrow(found);
  for (int k = 0; k < most_wrappings && object; ++k) {
    const OwnName own = own_name(object.get());
    const std::string why = PyModule_Check(object.get())
                                ? std::string("a module")
                                : actual_.why_not(audited, own.module, own.name);
    if (!why.empty()) {
      throw skops::Error(skops::Family::untrusted, "trust.another-name",
                         skops::printable(audited) + " is " + why,
                         {.path = approved_.graph()->path(node)},
                         "do not use this file, or name what you trust one by one");
    }
    const bool partial = own.module == "functools" && own.name == "partial";
    const char* inside = PyMethod_Check(object.get())             ? "__func__"
                         : partial && !PyType_Check(object.get()) ? "func"
                                                                  : nullptr;
    object = Ref(inside == nullptr ? nullptr : PyObject_GetAttrString(object.get(), inside));
    PyErr_Clear();
  }
}

Ref ApprovedNames::of(skops::NodeId node) {
  check(node);
  const skops::Graph& graph = *approved_.graph();
  const std::string_view from = graph.module(node), name = graph.cls(node);
  const bool lasting = LastingClasses::may_hold(from) && !actual_.denies();
  if (lasting) {
    if (Ref known = LastingClasses::find(from, name)) return known;
  }
  Ref& module = modules_[graph.node(node).module];
  if (!module) module = import(text(moved_module(from)).get());
  Ref out = attribute_of(module.get(), from, name);
  check_actual(node, from, name, out.get());
  if (lasting) LastingClasses::add(from, name, out);
  return out;
}

Ref ApprovedNames::brought(skops::NodeId node, const skops::BroughtName& brought) {
  check(node);
  const auto [module, name] = skops::brought_text(*approved_.graph(), node, brought);
  Ref out = attribute_of(import(text(module).get()).get(), module, name);
  check_actual(node, module, name, out.get());
  return out;
}

Ref ApprovedNames::method(skops::NodeId node, const skops::BroughtName& brought, PyObject* owner) {
  check(node);
  const skops::Graph& graph = *approved_.graph();
  const std::string name(skops::brought_text(graph, node, brought).name);
  Ref out = checked(PyObject_GetAttr(owner, text(name).get()));
  check_actual(node, graph.module(node), std::string(graph.cls(node)) + '.' + name, out.get());
  return out;
}

}  // namespace skops_python
