// Names, methods, partial functions, and instances of classes.
#include <string>

#include "objects/build_checks.hpp"
#include "objects/build_objects.hpp"
#include "skops/error.hpp"

namespace skops_python {

using skops::NodeId;

PyTypeObject* ObjectBuilder::type(NodeId id, Kind& kind) {
  if (!kind.type) kind.type = names_.of(id);
  if (!PyType_Check(kind.type.get())) {
    fail(id, "objects.class",
         std::string(graph_.module(id)) + "." + std::string(graph_.cls(id)) + " is no class");
  }
  return reinterpret_cast<PyTypeObject*>(kind.type.get());
}

Ref ObjectBuilder::name(NodeId id, Kind& kind) {
  const auto& brings = kind.group->entry->brings;
  if (!brings.empty()) return names_.brought(id, brings.front());
  if (!kind.type) kind.type = names_.of(id);
  return Ref::borrow(kind.type.get());
}

Ref ObjectBuilder::method(NodeId id) {
  const auto& brings = graph_.layout(id) == nullptr
                           ? std::vector<skops::BroughtName>()
                           : kinds_[approved_.kind_of(id)].group->entry->brings;
  if (brings.empty()) fail(id, "objects.recipe", "a method's loader declares no name");
  return names_.method(id, brings.front(), child(id, 0).get());
}

Ref ObjectBuilder::partial(NodeId id, Kind& kind) {
  PyTypeObject* cls = type(id, kind);
  const Ref function = child(id, 0), given = child(id, 1), keywords = child(id, 2),
            space = child(id, 3);
  if (!PyTuple_Check(given.get()) || !(PyDict_Check(keywords.get()) || keywords.get() == Py_None)) {
    fail(id, "objects.arguments", "a partial function's arguments are no tuple and dict");
  }
  const Ref first = checked(PyTuple_Pack(1, function.get()));
  const Ref arguments = checked(PySequence_Concat(first.get(), given.get()));
  Ref out = checked(PyObject_Call(reinterpret_cast<PyObject*>(cls), arguments.get(),
                                  keywords.get() == Py_None ? nullptr : keywords.get()));
  if (space.get() == Py_None) return out;
  const Ref own = checked(PyObject_GetAttrString(out.get(), "__dict__"));
  if (!PyDict_Check(space.get()) || !PyDict_Check(own.get())) {
    fail(id, "objects.state", "the namespace of a partial function is no dict");
  }
  if (PyDict_Update(own.get(), space.get()) != 0) throw PythonError();
  return out;
}

Ref ObjectBuilder::operator_function(NodeId id, Kind& kind) {
  PyTypeObject* cls = type(id, kind);
  const Ref arguments = child(id, 0), keywords = child_or_null(id, 1);
  if (!PyTuple_Check(arguments.get()) || (keywords && !PyDict_Check(keywords.get()))) {
    fail(id, "objects.arguments", "an operator's arguments are no tuple and dict");
  }
  return checked(PyObject_Call(reinterpret_cast<PyObject*>(cls), arguments.get(), keywords.get()));
}

namespace {

// cls.__new__(cls)
Ref new_instance(PyTypeObject* cls) {
  if (cls->tp_new == nullptr) {
    PyErr_Format(PyExc_TypeError, "cannot create '%.100s' instances", cls->tp_name);
    throw PythonError();
  }
  static PyObject* const nothing = PyTuple_New(0);
  return checked(cls->tp_new(cls, nothing, nullptr));
}

// Compiled classes that only their __init__ makes: NumPy would write through a null pointer.
bool is_bit_generator(PyTypeObject* cls) {
  for (; cls != nullptr; cls = cls->tp_base) {
    if (std::string_view(cls->tp_name) == "numpy.random.bit_generator.BitGenerator") return true;
  }
  return false;
}

// Compiled classes that take no state but attributes: what else they hold would stay as __new__
// leaves it.
bool is_closed(PyTypeObject* cls) {
  const auto small = static_cast<Py_ssize_t>(sizeof(PyObject) + 2 * sizeof(void*));
  if (cls->tp_dictoffset != 0 && cls->tp_basicsize <= small) return false;
  return (cls->tp_flags & Py_TPFLAGS_HEAPTYPE) == 0 && cls != &PyBaseObject_Type &&
         PyObject_HasAttrString(reinterpret_cast<PyObject*>(cls), "__setstate__") == 0;
}

// instance.__dict__.update(state), with the names interned, as unpickling does.
void update_dict(PyObject* instance, PyObject* state) {
  const Ref own = checked(PyObject_GenericGetDict(instance, nullptr));
  PyObject *key, *value;
  Py_ssize_t at = 0;
  while (PyDict_Next(state, &at, &key, &value)) {
    Py_INCREF(key);
    if (PyUnicode_CheckExact(key)) PyUnicode_InternInPlace(&key);
    const Ref owned(key);
    const Ref held = Ref::borrow(value);
    if (PyObject_SetItem(own.get(), key, value) != 0) throw PythonError();
  }
}

void set_slots(PyObject* instance, PyObject* slots) {
  PyObject *key, *value;
  Py_ssize_t at = 0;
  while (PyDict_Next(slots, &at, &key, &value)) {
    const Ref name = Ref::borrow(key), held = Ref::borrow(value);
    if (PyObject_SetAttr(instance, name.get(), held.get()) != 0) throw PythonError();
  }
}

}  // namespace

// As copyreg and released skops: what the class's own __setstate__ does, or its __dict__ updated;
// slots come as the second of a pair.
void ObjectBuilder::set_state(NodeId id, Kind& kind, PyObject* instance, PyObject* state) {
  if (kind.has_setstate < 0) {
    kind.has_setstate =
        PyObject_HasAttrString(reinterpret_cast<PyObject*>(Py_TYPE(instance)), "__setstate__");
  }
  if (kind.has_setstate != 0) {
    static PyObject* const name = PyUnicode_InternFromString("__setstate__");
    checked(PyObject_CallMethodOneArg(instance, name, state));
    return;
  }
  PyObject* attributes = state;
  PyObject* slots = nullptr;
  if (PyTuple_CheckExact(state) && PyTuple_GET_SIZE(state) == 2) {
    attributes = PyTuple_GET_ITEM(state, 0);
    slots = PyTuple_GET_ITEM(state, 1);
  }
  const auto fits = [](PyObject* part) {
    return part == nullptr || part == Py_None || PyDict_Check(part);
  };
  if (!fits(attributes) || !fits(slots)) {
    fail(id, "objects.state", "the state of an object is no dict of attributes");
  }
  if (attributes != Py_None) update_dict(instance, attributes);
  if (slots != nullptr && slots != Py_None) set_slots(instance, slots);
}

void ObjectBuilder::check_object(Kind& kind, PyObject* object) {
  if (!kind.knows_checks) {
    kind.checks = checks_of(Py_TYPE(object), plugins_->manifests());
    kind.knows_checks = true;
  }
  if (!kind.checks) return;
  for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(kind.checks.get()); ++k) {
    checked(PyObject_CallOneArg(PyTuple_GET_ITEM(kind.checks.get(), k), object));
  }
}

Ref ObjectBuilder::object(NodeId id, Kind& kind) {
  PyTypeObject* cls = type(id, kind);
  if (kind.can_make < 0) kind.can_make = !is_bit_generator(cls) && !is_closed(cls);
  if (kind.can_make == 0) {
    fail(id, "objects.class",
         "an object of a compiled class that only its own code can make again");
  }
  Ref out = new_instance(cls);
  remember(id, out);
  const Ref state = child_or_null(id, 0);
  if (state && state.get() != Py_None) set_state(id, kind, out.get(), state.get());
  check_object(kind, out.get());
  return out;
}

namespace {

// ndarray(shape, dtype, bytes) takes the bytes for whatever the dtype says, also for pointers.
const char* wrong_array(PyTypeObject* cls, PyObject* arguments, skops::Budget& budget) {
  const Py_ssize_t count = PyTuple_GET_SIZE(arguments);
  const bool of_bytes = count > 2 && PyObject_CheckBuffer(PyTuple_GET_ITEM(arguments, 2)) != 0;
  if (cls != &PyArray_Type && !of_bytes) return nullptr;  // what others take is their own
  if (count < 2 || !PyTuple_Check(PyTuple_GET_ITEM(arguments, 0))) {
    return "an array is made of something that is no shape and dtype";
  }
  PyObject *const shape = PyTuple_GET_ITEM(arguments, 0), *const type =
                                                              PyTuple_GET_ITEM(arguments, 1);
  if (!PyArray_DescrCheck(type))
    return "an array is made of a shape and something that is no dtype";
  const auto* dtype = reinterpret_cast<PyArray_Descr*>(type);
  if (count > 2 && PyDataType_REFCHK(dtype)) return "an array of objects is made of bytes";
  if (count > 3) return "an array is made of more than a shape, a dtype and bytes";
  auto bytes = static_cast<std::uint64_t>(PyDataType_ELSIZE(dtype));
  for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(shape); ++k) {
    PyObject* extent = PyTuple_GET_ITEM(shape, k);
    const Py_ssize_t n = PyLong_CheckExact(extent) ? PyLong_AsSsize_t(extent) : -1;
    if (n < 0) {
      PyErr_Clear();
      return "the shape of an array is no tuple of extents";
    }
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(n), &bytes)) bytes = ~0ull;
  }
  budget.allocate(bytes);
  return nullptr;
}

}  // namespace

Ref ObjectBuilder::call(NodeId id, Kind& kind) {
  PyTypeObject* cls = type(id, kind);
  const Ref arguments = child(id, 0);
  if (!PyTuple_Check(arguments.get())) {
    fail(id, "objects.arguments", "the arguments of a class are no tuple");
  }
  if (PyType_IsSubtype(cls, &PyArray_Type)) {
    const char* wrong = wrong_array(cls, arguments.get(), *budget_);
    if (wrong != nullptr) fail(id, "objects.arguments", wrong);
  }
  Ref out = checked(PyObject_CallObject(reinterpret_cast<PyObject*>(cls), arguments.get()));
  check_object(kind, out.get());
  return out;
}

Ref ObjectBuilder::reduce(NodeId id, Kind& kind) {
  PyTypeObject* cls = type(id, kind);
  const skops::Recipe& recipe = *kind.group->entry->recipe;
  Ref parts[2];
  for (std::uint32_t k = 0; k < 2; ++k) parts[k] = child(id, k);
  const Ref &arguments = parts[recipe.args], &state = parts[recipe.state];
  if (!PyTuple_Check(arguments.get())) {
    fail(id, "objects.arguments", "the arguments of a class are no tuple");
  }
  Ref out = checked(PyObject_CallObject(reinterpret_cast<PyObject*>(cls), arguments.get()));
  const int any = PyObject_IsTrue(state.get());
  if (any < 0) throw PythonError();
  if (any != 0) set_state(id, kind, out.get(), state.get());
  check_object(kind, out.get());
  return out;
}

}  // namespace skops_python
