#include "objects/take_apart.hpp"

#include <algorithm>

#include "skops/error.hpp"
#include "objects/take_array.hpp"
#include "objects/take_names.hpp"
#include "objects/take_inside.hpp"
#include "objects/text.hpp"
#include "writer/json_text.hpp"
#include "writer/node_text.hpp"

namespace skops_python {
namespace {

using skops::Error;
using skops::Family;

// Of an object that is being taken apart: whoever meets it again is inside of it.
constexpr TakeApart::Handle open = ~TakeApart::Handle{0};
// Frames of this thread's stack, and far beyond what released skops can read.
constexpr std::size_t deepest = 600;
constexpr std::size_t shown_steps = 16;  // of a path, from either end

// None, bools, numbers and texts: as JSON they are the same.
bool is_json(PyObject* object) {
  return object == Py_None || PyBool_Check(object) || PyLong_CheckExact(object) ||
         PyFloat_CheckExact(object) || PyUnicode_CheckExact(object);
}

std::string escaped(PyObject* text) {
  const Py_ssize_t size = PyUnicode_GET_LENGTH(text);
  std::string out = "\"";
  for (Py_ssize_t k = 0; k < size; ++k) {
    const Py_UCS4 c = PyUnicode_READ_CHAR(text, k);
    char unit[8];
    const auto put = [&](unsigned code) {
      std::snprintf(unit, sizeof unit, "\\u%04x", code);
      out += unit;
    };
    if (c < 0x20 || c == '"' || c == '\\' || (c >= 0x7f && c < 0x10000)) {
      put(c);
    } else if (c < 0x7f) {
      out += static_cast<char>(c);
    } else {
      put(0xd800 + ((c - 0x10000) >> 10));
      put(0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  }
  return out + '"';
}

}  // namespace

PyObject* TakeApart::keep(PyObject* owned) {
  if (owned == nullptr) throw PythonError();
  return kept_.emplace_back(owned).get();
}

TakeApart::Handle TakeApart::run(PyObject* object) {
  root_ = Py_TYPE(object)->tp_name;
  if (const std::size_t dot = root_.rfind('.'); dot != std::string::npos) root_.erase(0, dot + 1);
  try {
    const Value root = value(object);
    if (root.kind == Value::Kind::node) return root.index;
    std::string json;
    skops::append_plain_scalar(json, root);
    return list_.add(plans_.common().text, {Value::string(list_.keep(std::move(json)))});
  } catch (const Error& error) {
    throw error.with({.path = path()});
  }
}

std::string TakeApart::path() const {
  std::string out = root_;
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    // Both ends of a path that nobody would read.
    if (k == shown_steps && steps_.size() > 2 * shown_steps) {
      k = steps_.size() - shown_steps;
      out += " … ";
    }
    const Step& step = steps_[k];
    switch (step.kind) {
      case Step::Kind::attribute:
      case Step::Kind::argument:
        out += '.';
        out += PyUnicode_Check(step.name) ? text_of(step.name) : "?";
        break;
      case Step::Kind::item:
        out += '[' + std::to_string(step.position) + ']';
        break;
      case Step::Kind::key: {
        const Ref key(PyObject_Repr(step.name));
        if (!key) PyErr_Clear();
        const std::string_view text = key ? text_of(key.get()) : "?";
        out += '[' + std::string(text.substr(0, 100)) + ']';
      }
    }
  }
  return out;
}

TakeApart::Value TakeApart::value(PyObject* object) {
  if ((++seen_ & 4095) == 0 && PyErr_CheckSignals() != 0) throw PythonError();
  if (object == Py_None) return Value::none();
  if (PyUnicode_CheckExact(object)) return text(object);
  if (PyLong_CheckExact(object)) return integer(object);
  if (PyFloat_CheckExact(object)) return Value::of(PyFloat_AS_DOUBLE(object));
  if (PyBool_Check(object)) return Value::boolean(object == Py_True);
  return Value::node(object_node(object));
}

TakeApart::Value TakeApart::text(PyObject* object) {
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(object, &size);
  if (data != nullptr) {
    kept_.push_back(Ref::borrow(object));
    return Value::string({data, static_cast<std::size_t>(size)});
  }
  // Lone surrogates, which UTF-8 does not have and JSON's escapes do.
  if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) throw PythonError();
  PyErr_Clear();
  return Value::json(list_.keep(escaped(object)));
}

TakeApart::Value TakeApart::integer(PyObject* object) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
  if (overflow == 0) {
    if (number == -1 && PyErr_Occurred()) throw PythonError();
    return Value::of(static_cast<std::int64_t>(number));
  }
  const Ref digits(PyObject_Str(object));
  if (!digits) {
    PyErr_Clear();
    throw Error(Family::unsupported, "save.integer", "an integer of more than 4,300 digits", {},
                "readers of JSON refuse such numbers: keep it as text or bytes");
  }
  return Value::json(list_.keep(std::string(text_of(digits.get()))));
}

TakeApart::Handle TakeApart::object_node(PyObject* object) {
  const auto [at, added] = memo_.emplace(object, open);
  if (!added) {
    if (at->second != open) return at->second;
    throw Error(Family::unsupported, "save.cycle", "an object that contains itself", {},
                "released skops cannot load such files: break the cycle, for example in "
                "__getstate__ and __setstate__");
  }
  if (steps_.size() >= deepest) {
    throw Error(Family::limit, "limit.nesting", "the object is nested too deeply", {},
                "save its parts in files of their own");
  }
  // What is temporary would give its address to the next.
  kept_.push_back(Ref::borrow(object));
  const Handle made = make(object, plans_.of(Py_TYPE(object)));
  return memo_[object] = made;
}

TakeApart::Handle TakeApart::make(PyObject* object, const Plan& plan) {
  using How = Plan::How;
  switch (plan.how) {
    case How::list:
    case How::tuple:
      return sequence(object, plan.node);
    case How::dict:
      return dict(object, plan.node, false);
    case How::set: {
      const skops::NodeTypes::Number node = plan.node;
      return list_.add(node, {sorted_items(object)});
    }
    case How::frozenset: {
      const skops::NodeTypes::Number node = plan.node;
      const Handle items = list_.add(plans_.common().list, {sorted_items(object)});
      return list_.add(node, {Value::node(tuple_of(Value::node(items)))});
    }
    case How::bytes: {
      const std::span bytes(PyBytes_AS_STRING(object),
                            static_cast<std::size_t>(PyBytes_GET_SIZE(object)));
      return list_.add(plan.node, {list_.member({}, std::as_bytes(bytes), ".bin")});
    }
    case How::bytearray: {
      // A copy: what other objects' code does could move the bytes.
      const std::string_view bytes = list_.keep(
          {PyByteArray_AS_STRING(object), static_cast<std::size_t>(PyByteArray_GET_SIZE(object))});
      return list_.add(plan.node, {list_.member({}, std::as_bytes(std::span(bytes)), ".bin")});
    }
    case How::slice: {
      auto* slice = reinterpret_cast<PySliceObject*>(object);
      if (!is_json(slice->start) || !is_json(slice->stop) || !is_json(slice->step)) {
        return hooked(object, nullptr);
      }
      std::string json = "{\"start\":";
      for (PyObject* part : {slice->start, slice->stop, slice->step}) {
        if (part != slice->start || json.back() != ':') {
          json += json.find("stop") == std::string::npos ? ",\"stop\":" : ",\"step\":";
        }
        json += plain_json(part).view();
      }
      json += '}';
      return list_.add(plan.node, {Value::json(list_.keep(std::move(json)))});
    }
    case How::named:
      return named(object);
    case How::array:
      return array(reinterpret_cast<PyArrayObject*>(object), plan.node);
    case How::scalar: {
      // An array does not tell zeros at a text's end from padding.
      if (PyUnicode_Check(object) && PyUnicode_GET_LENGTH(object) > 0 &&
          PyUnicode_READ_CHAR(object, PyUnicode_GET_LENGTH(object) - 1) == 0) {
        return hooked(object, nullptr);
      }
      const skops::NodeTypes::Number node = plan.node;
      return array(reinterpret_cast<PyArrayObject*>(keep(PyArray_FromScalar(object, nullptr))), node);
    }
    case How::state:
      return state(object, plan);
    case How::reduce:
      return reduce(object, plan);
    case How::hook:
      break;
  }
  return hooked(object, plan.hook);
}

// A list may be changed by what its items' __getstate__ do: it is read anew each time.
TakeApart::Value TakeApart::items(PyObject* sequence) {
  std::vector<Value> values;
  values.reserve(static_cast<std::size_t>(PySequence_Fast_GET_SIZE(sequence)));
  const Inside inside(*this, {Step::Kind::item, nullptr, 0});
  for (Py_ssize_t k = 0; k < PySequence_Fast_GET_SIZE(sequence); ++k) {
    steps_.back().position = k;
    values.push_back(value(PySequence_Fast_GET_ITEM(sequence, k)));
  }
  return list_.items(values);
}

TakeApart::Handle TakeApart::sequence(PyObject* sequence, skops::NodeTypes::Number type) {
  return list_.add(type, {items(sequence)});
}

TakeApart::Handle TakeApart::tuple_of(Value only) {
  return list_.add(plans_.common().tuple, {list_.items({&only, 1})});
}

// The order of a set depends on the process: here it is that of the items' texts.
TakeApart::Value TakeApart::sorted_items(PyObject* set) {
  PyObject* items = keep(PySequence_List(set));
  std::vector<std::pair<std::string, Value>> values;
  skops::MemberNames members;
  skops::NodeText texts(list_, limits_, members);
  const Inside inside(*this, {Step::Kind::item, nullptr, 0});
  for (Py_ssize_t k = 0; k < PyList_GET_SIZE(items); ++k) {
    steps_.back().position = k;
    const Value item = value(PyList_GET_ITEM(items, k));
    std::string key;
    if (item.plain()) {
      skops::append_plain_scalar(key, item);
    } else {
      key = texts.sort_key(item);
    }
    values.emplace_back(std::move(key), item);
  }
  std::stable_sort(values.begin(), values.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Value> sorted;
  for (const auto& [key, item] : values) sorted.push_back(item);
  return list_.items(sorted);
}

TakeApart::Handle TakeApart::named(PyObject* object) {
  const TakenName name = find_name(object);
  const char* loader = PyType_Check(object) || PyCFunction_Check(object) ? "TypeNode" : "FunctionNode";
  return list_.name(plans_.types().number(loader, name.module, name.name));
}

TakeApart::Handle TakeApart::array(PyArrayObject* array, skops::NodeTypes::Number type) {
  if (PyArray_DESCR(array)->type_num == NPY_OBJECT) {
    // Released skops makes of nested lists what numpy.array makes of them.
    static PyObject* const nests = python_object("libskops.io._take_numpy", "nests");
    if (PyArray_NDIM(array) != 1) {
      const Ref same = checked(PyObject_CallOneArg(nests, reinterpret_cast<PyObject*>(array)));
      if (same.get() != Py_True) return hooked(reinterpret_cast<PyObject*>(array), nullptr);
    }
    const Ref shape = checked(PyTuple_New(PyArray_NDIM(array)));
    for (int k = 0; k < PyArray_NDIM(array); ++k) {
      PyTuple_SET_ITEM(shape.get(), k, checked(PyLong_FromSsize_t(PyArray_DIM(array, k))).release());
    }
    const Value content = object_items(array, 0, PyArray_BYTES(array));
    return list_.add(plans_.common().object_array,
                     {content, Value::node(sequence(shape.get(), plans_.common().tuple))});
  }
  if (!npy_holds(PyArray_DESCR(array))) return hooked(reinterpret_cast<PyObject*>(array), nullptr);
  TakenArray taken = take_array(array);
  if (taken.owner) kept_.push_back(std::move(taken.owner));
  return list_.add(type, {list_.member(std::move(taken.head), taken.body, ".npy")});
}

// Nested lists below the first axis.
TakeApart::Value TakeApart::object_items(PyArrayObject* array, int axis, char* data) {
  std::vector<Value> values;
  const npy_intp size = PyArray_DIM(array, axis), stride = PyArray_STRIDE(array, axis);
  const Inside inside(*this, {Step::Kind::item, nullptr, 0});
  for (npy_intp k = 0; k < size; ++k) {
    steps_.back().position = k;
    char* at = data + k * stride;
    if (axis + 1 < PyArray_NDIM(array)) {
      const Value below = object_items(array, axis + 1, at);
      values.push_back(Value::node(list_.add(plans_.common().list, {below})));
    } else {
      PyObject* item = *reinterpret_cast<PyObject**>(at);
      values.push_back(value(item == nullptr ? Py_None : item));
    }
  }
  return list_.items(values);
}

TakeApart::Handle TakeApart::state(PyObject* object, const Plan& plan) {
  const skops::NodeTypes::Number node = plan.node;
  static PyObject* const dict_key = PyUnicode_InternFromString("__dict__");
  PyObject* const state = keep(plan.hook != nullptr ? PyObject_CallOneArg(plan.hook, object)
                                                    : PyObject_GetAttr(object, dict_key));
  Value content;
  if (PyDict_CheckExact(state)) {
    content = plan.hook == nullptr && PyDict_GET_SIZE(state) == 0
                  ? Value::none()
                  : Value::node(dict(state, plans_.common().dict, true));
  } else {
    content = value(state);
  }
  return list_.add(node, {content});
}

TakeApart::Handle TakeApart::reduce(PyObject* object, const Plan& plan) {
  const Plan found = plan;
  static PyObject* const reduce_key = PyUnicode_InternFromString("__reduce__");
  PyObject* const said = keep(PyObject_CallMethodNoArgs(object, reduce_key));
  const Py_ssize_t parts = PyTuple_Check(said) ? PyTuple_GET_SIZE(said) : 0;
  const auto type = reinterpret_cast<PyObject*>(Py_TYPE(object));
  PyObject* args = parts >= 2 ? PyTuple_GET_ITEM(said, 1) : Py_None;
  PyObject* state = parts >= 3 ? PyTuple_GET_ITEM(said, 2) : Py_None;
  bool understood = PyTuple_Check(args);
  if (understood && PyTuple_GET_ITEM(said, 0) != type) {
    // What Cython writes for a class that has no __reduce__ of its own: a function of the class, a
    // number and the arguments, or None where they are the state.
    understood = PyTuple_GET_SIZE(args) == 3 && PyTuple_GET_ITEM(args, 0) == type;
    if (understood) {
      args = PyTuple_GET_ITEM(args, 2);
      if (args == Py_None) args = keep(PyTuple_New(0));
      understood = PyTuple_Check(args);
    }
  }
  if (!understood) {
    throw Error(Family::unsupported, "save.reduce",
                std::string("the __reduce__ of ") + Py_TYPE(object)->tp_name +
                    " gives no arguments of the class",
                {}, "");
  }
  if (state == Py_None) state = keep(PyDict_New());
  std::vector<Value> fields(plans_.types()[found.node].fields.size());
  fields[found.state] = PyDict_CheckExact(state)
                            ? Value::node(dict(state, plans_.common().dict, true))
                            : value(state);
  fields[found.args] = value(args);
  return list_.add(found.node, fields);
}

}  // namespace skops_python
