// Objects that Python code takes apart: `hook(object)` gives `(loader, class, fields)`, the class
// being None for the object's own, a type or function, or a pair of module and name; `fields` has what the
// loader's fields are to hold, by their names: an object (node), a list or a set, which is sorted (nodes), a dict with text for
// keys (map), bytes or an array or a pair of bytes and suffix (member), JSON (json), text (name). A
// dict's loader takes `content`, the dict. A fourth item names the variant of the loader, a fifth the
// protocol, a sixth an object that is described with this one and would be another one with the next.
#include "skops/error.hpp"
#include "objects/take_apart.hpp"
#include "objects/take_array.hpp"
#include "objects/take_inside.hpp"
#include "objects/take_names.hpp"
#include "objects/text.hpp"

namespace skops_python {
namespace {

using skops::FieldKind;

[[noreturn]] void bad_hook(PyObject* object, const std::string& why) {
  throw skops::Error(skops::Family::plugin, "plugin.hook",
                     std::string("the hook for ") + Py_TYPE(object)->tp_name + " " + why, {},
                     "report this to the authors of the hook");
}

}  // namespace

PyObject* python_object(const char* module, const char* name) {
  const Ref from = checked(PyImport_ImportModule(module));
  return checked(PyObject_GetAttrString(from.get(), name)).release();
}

// What the hook says; a refusal becomes an error that gets a path.
PyObject* TakeApart::ask(PyObject* object, PyObject* hook) {
  static PyObject* const general = python_object("libskops.io._take_apart", "take_apart");
  static PyObject* const refusal =
      python_object("libskops.io.exceptions", "UnsupportedTypeException");
  PyObject* const said = PyObject_CallOneArg(hook != nullptr ? hook : general, object);
  if (said != nullptr || !PyErr_ExceptionMatches(refusal)) return keep(said);
  PyObject *type = nullptr, *error = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &error, &trace);
  PyErr_NormalizeException(&type, &error, &trace);
  const Ref t(type), e(error), b(trace);
  const Ref text = checked(PyObject_Str(error));
  throw skops::Error(skops::Family::unsupported, "save.type", std::string(text_of(text.get())));
}

TakeApart::Handle TakeApart::hooked(PyObject* object, PyObject* hook) {
  PyObject* const said = ask(object, hook);
  if (!PyTuple_Check(said) || PyTuple_GET_SIZE(said) < 3 ||
      !PyUnicode_Check(PyTuple_GET_ITEM(said, 0)) || !PyDict_Check(PyTuple_GET_ITEM(said, 2))) {
    bad_hook(object, "gives no (loader, class, fields)");
  }
  const std::string loader(text_of(PyTuple_GET_ITEM(said, 0)));
  PyObject* cls = PyTuple_GET_ITEM(said, 1);
  TakenName name;
  if (PyTuple_Check(cls) && PyTuple_GET_SIZE(cls) == 2) {
    name = {std::string(text_of(PyTuple_GET_ITEM(cls, 0))),
            std::string(text_of(PyTuple_GET_ITEM(cls, 1)))};
  } else {
    name = find_name(cls == Py_None ? reinterpret_cast<PyObject*>(Py_TYPE(object)) : cls);
  }
  const std::string variant =
      PyTuple_GET_SIZE(said) > 3 ? std::string(text_of(PyTuple_GET_ITEM(said, 3))) : "";
  const int protocol = PyTuple_GET_SIZE(said) > 4
                           ? static_cast<int>(PyLong_AsLong(PyTuple_GET_ITEM(said, 4)))
                           : skops::written_protocol;
  if (PyTuple_GET_SIZE(said) > 5 && !described_.insert(PyTuple_GET_ITEM(said, 5)).second) {
    throw skops::Error(skops::Family::unsupported, "save.shared",
                       std::string("two objects share a ") +
                           Py_TYPE(PyTuple_GET_ITEM(said, 5))->tp_name + ", and each would get its own",
                       {}, "give each its own before, or keep one object in both places");
  }
  const auto type = plans_.types().number(loader, name.module, name.name, variant, protocol);
  PyObject* const fields = PyTuple_GET_ITEM(said, 2);
  const skops::NodeTypes::Type& known = plans_.types()[type];
  if (known.role == skops::NodeTypes::Role::name) return list_.name(type);
  if (loader == "DictNode") {
    PyObject* content = PyDict_GetItemString(fields, "content");
    if (content == nullptr || !PyDict_Check(content)) bad_hook(object, "gives no dict");
    return dict(content, type, false);
  }
  std::vector<Value> values;
  Py_ssize_t used = 0;
  for (const skops::NodeTypes::Field& field : known.fields) {
    const std::string path = field.group.empty() ? field.key : field.group + '.' + field.key;
    PyObject* given = PyDict_GetItemString(fields, path.c_str());
    if (given == nullptr) {
      values.emplace_back();
      continue;
    }
    ++used;
    const Ref step = checked(PyUnicode_FromString(path.c_str()));
    const bool content = path == "content";
    if (content) {
      values.push_back(hook_field(field.kind, given));
      continue;
    }
    const Inside inside(*this, {Step::Kind::argument, step.get(), 0});
    kept_.push_back(Ref::borrow(step.get()));  // the path of an error may name it
    values.push_back(hook_field(field.kind, given));
  }
  if (used != PyDict_GET_SIZE(fields)) bad_hook(object, "names a field that the loader does not have");
  return list_.add(type, values);
}

TakeApart::Value TakeApart::hook_field(FieldKind kind, PyObject* given) {
  switch (kind) {
    case FieldKind::node:
      return value(given);
    case FieldKind::nodes: {
      if (PyAnySet_Check(given)) return sorted_items(given);
      PyObject* const list = keep(PySequence_List(given));
      return items(list);
    }
    case FieldKind::map: {
      if (!PyDict_Check(given)) bad_hook(given, "gives no dict for a map");
      std::vector<Value> out;
      if (!text_keys(given, out, false)) bad_hook(given, "gives a map with other keys than text");
      return list_.entries(out);
    }
    case FieldKind::member: {
      if (PyArray_Check(given)) {
        TakenArray taken = take_array(reinterpret_cast<PyArrayObject*>(given));
        if (taken.owner) kept_.push_back(std::move(taken.owner));
        return list_.member(std::move(taken.head), taken.body, ".npy");
      }
      const char* suffix = ".bin";
      if (PyTuple_Check(given) && PyTuple_GET_SIZE(given) == 2) {
        const std::string_view said = text_of(PyTuple_GET_ITEM(given, 1));
        if (said == ".npz") suffix = ".npz";
        if (said == ".npy") suffix = ".npy";
        given = PyTuple_GET_ITEM(given, 0);
      }
      if (!PyBytes_Check(given)) bad_hook(given, "gives no bytes for a member");
      const std::span bytes(PyBytes_AS_STRING(given),
                            static_cast<std::size_t>(PyBytes_GET_SIZE(given)));
      return list_.member({}, std::as_bytes(bytes), suffix);
    }
    case FieldKind::json:
      return plain_json(given);
    case FieldKind::text:
    case FieldKind::name:
      if (!PyUnicode_Check(given)) bad_hook(given, "gives no text for a name");
      return Value::string(list_.keep(std::string(text_of(given))));
  }
  return Value();
}

TakeApart::Value TakeApart::plain_json(PyObject* object) {
  static PyObject* const dumps = [] {
    const Ref json = checked(PyImport_ImportModule("json"));
    return checked(PyObject_GetAttrString(json.get(), "dumps")).release();
  }();
  const Ref text(PyObject_CallOneArg(dumps, object));
  if (!text) {
    PyErr_Clear();
    throw skops::Error(skops::Family::unsupported, "save.json",
                       std::string("a ") + Py_TYPE(object)->tp_name + " where the format holds JSON",
                       {}, "use a plain number, text or None there");
  }
  return Value::json(list_.keep(std::string(text_of(text.get()))));
}

}  // namespace skops_python
