// Plain data, containers, bytes and slices.
#include <cstring>
#include <string>

#include "objects/build_json.hpp"
#include "objects/build_keys.hpp"
#include "objects/build_objects.hpp"
#include "skops/error.hpp"

namespace skops_python {

using skops::NodeId;
using skops::Tape;

namespace {

// Dicts with more keys are tables, not states of objects.
constexpr std::uint32_t most_attributes = 128;

}  // namespace

Ref ObjectBuilder::json(NodeId id) {
  try {
    return json_text(field_text(id, 0), *budget_);
  } catch (const skops::Error& error) {
    throw error.with({.member = "schema.json"});
  }
}

Ref ObjectBuilder::dict(NodeId id, Kind& kind) {
  PyTypeObject* cls = type(id, kind);
  const Ref types = child(id, 0);
  const Tape& tape = graph_.tape();
  const Tape::Index content = field(id, 1);
  if (!PyList_Check(types.get()) ||
      PyList_GET_SIZE(types.get()) != static_cast<Py_ssize_t>(tape.size(content))) {
    fail(id, "objects.key-types", "the types of a dict's keys are not a list of one type a key");
  }
  const bool exact = cls == &PyDict_Type, few = tape.size(content) <= most_attributes;
  Ref out = exact ? checked(PyDict_New())
                  : checked(PyObject_CallNoArgs(reinterpret_cast<PyObject*>(cls)));
  if (!PyDict_Check(out.get())) fail(id, "objects.class", "a dict of a class that is no dict");
  remember(id, out);
  Py_ssize_t k = 0;
  for (Tape::Index at = tape.first(content); at != tape.next(content); at = tape.next(at + 1)) {
    // A list may be changed while its items are used.
    if (k >= PyList_GET_SIZE(types.get())) fail(id, "objects.key-types", "too few types of keys");
    const Ref key_type = Ref::borrow(PyList_GET_ITEM(types.get(), k++));
    const bool attribute = few && key_type.get() == reinterpret_cast<PyObject*>(&PyUnicode_Type);
    const Ref key =
        attribute ? attribute_name(tape.text(at)) : dict_key(key_type.get(), tape.text(at));
    const Ref value = node_at(id, at + 1);
    const int status = exact ? PyDict_SetItem(out.get(), key.get(), value.get())
                             : PyObject_SetItem(out.get(), key.get(), value.get());
    if (status != 0) throw PythonError();
  }
  // 1, 1.0 and True are one key: the dict would not be the one that the file says.
  if (exact && PyDict_GET_SIZE(out.get()) != k) {
    fail(id, "objects.equal-keys", "two keys of a dict are equal");
  }
  return out;
}

Ref ObjectBuilder::default_dict(NodeId id, Kind& kind) {
  PyTypeObject* cls = type(id, kind);
  const Ref main = child(id, 0), factory = child(id, 1);
  if (!PyDict_Check(main.get())) {
    fail(id, "objects.class", "the content of a defaultdict is no dict");
  }
  Ref out = checked(
      PyObject_CallFunctionObjArgs(reinterpret_cast<PyObject*>(cls), factory.get(), nullptr));
  if (!PyDict_Check(out.get())) fail(id, "objects.class", "a dict of a class that is no dict");
  if (PyDict_Update(out.get(), main.get()) != 0) throw PythonError();
  return out;
}

Ref ObjectBuilder::items(NodeId id, std::size_t number) {
  const Tape& tape = graph_.tape();
  const Tape::Index content = field(id, number);
  // Filled with None first: objects that are being built may be seen by the code of others.
  Ref out = checked(PyList_New(0));
  for (Tape::Index at = tape.first(content); at != tape.next(content); at = tape.next(at)) {
    if (PyList_Append(out.get(), node_at(id, at).get()) != 0) throw PythonError();
  }
  return out;
}

namespace {

// An instance of a subclass of list, set or tuple, which its class makes from the items.
Ref converted(PyTypeObject* cls, PyTypeObject* base, Ref items) {
  if (!PyType_IsSubtype(cls, base)) {
    throw skops::Error(
        skops::Family::malformed, "objects.class",
        std::string("a ") + base->tp_name + " of a class that is no " + base->tp_name);
  }
  return checked(PyObject_CallOneArg(reinterpret_cast<PyObject*>(cls), items.get()));
}

}  // namespace

Ref ObjectBuilder::list(NodeId id, Kind& kind) {
  PyTypeObject* cls = type(id, kind);
  Ref out = items(id, 0);
  return cls == &PyList_Type ? std::move(out) : converted(cls, &PyList_Type, std::move(out));
}

Ref ObjectBuilder::set(NodeId id, Kind& kind) {
  PyTypeObject* cls = type(id, kind);
  Ref out = items(id, 0);
  if (cls == &PySet_Type) return checked(PySet_New(out.get()));
  if (PyType_IsSubtype(cls, &PyFrozenSet_Type)) {
    return converted(cls, &PyFrozenSet_Type, std::move(out));
  }
  return converted(cls, &PySet_Type, std::move(out));
}

Ref ObjectBuilder::tuple(NodeId id, Kind& kind) {
  PyTypeObject* cls = type(id, kind);
  Ref out = checked(PyList_AsTuple(items(id, 0).get()));
  if (cls == &PyTuple_Type) return out;
  const bool named = PyType_IsSubtype(cls, &PyTuple_Type) &&
                     PyObject_HasAttrString(reinterpret_cast<PyObject*>(cls), "_fields");
  if (!named) return converted(cls, &PyTuple_Type, std::move(out));
  return checked(PyObject_CallObject(reinterpret_cast<PyObject*>(cls), out.get()));
}

Ref ObjectBuilder::bytes(NodeId id, Kind& kind) {
  PyTypeObject* cls = type(id, kind);
  const auto data = member(field_text(id, 0));
  budget_->allocate(data.size());
  Ref out = checked(PyBytes_FromStringAndSize(reinterpret_cast<const char*>(data.data()),
                                              static_cast<Py_ssize_t>(data.size())));
  return cls == &PyBytes_Type ? std::move(out) : converted(cls, &PyBytes_Type, std::move(out));
}

Ref ObjectBuilder::byte_array(NodeId id) {
  const auto data = member(field_text(id, 0));
  budget_->allocate(data.size());
  return checked(PyByteArray_FromStringAndSize(reinterpret_cast<const char*>(data.data()),
                                               static_cast<Py_ssize_t>(data.size())));
}

Ref ObjectBuilder::slice(NodeId id) {
  const Tape& tape = graph_.tape();
  const Tape::Index content = field(id, 0);
  Ref parts[3];
  if (tape.kind(content) != skops::JsonKind::object || tape.size(content) != 3) {
    fail(id, "objects.slice", "a slice is not {start, stop, step}");
  }
  for (std::size_t k = 0; k < 3; ++k) {
    static constexpr std::string_view names[] = {"start", "stop", "step"};
    const Tape::Index at = tape.find(content, names[k]);
    if (at == Tape::none) fail(id, "objects.slice", "a slice is not {start, stop, step}");
    parts[k] = json_value(tape, at);
  }
  return checked(PySlice_New(parts[0].get(), parts[1].get(), parts[2].get()));
}

}  // namespace skops_python
