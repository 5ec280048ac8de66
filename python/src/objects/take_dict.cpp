// Dicts. A DictNode has text for keys and the keys' types beside it: `type(text)` must give the key
// back in released skops. That holds for text, integers, reals and NumPy's numbers, and for bools
// where False is the empty text (`bool("")`). All other keys (None, tuples, bytes, …), and keys whose
// texts would collide, are pairs: `dict([(key, value), …])`.
#include <algorithm>
#include <unordered_set>

#include "skops/error.hpp"
#include "objects/take_apart.hpp"
#include "objects/take_inside.hpp"
#include "objects/text.hpp"
#include "writer/node_text.hpp"

namespace skops_python {

TakeApart::Handle TakeApart::dict(PyObject* dict, skops::NodeTypes::Number type, bool attributes) {
  std::vector<Value> out;
  std::vector<skops::NodeTypes::Number> types;
  const auto& common = plans_.common();
  if (PyDict_CheckExact(dict) && text_keys(dict, out, attributes)) {
    types.assign(out.size() / 2, common.str_type);
  } else {
    out.clear();
    PyObject* const items = keep(PyMapping_Items(dict));
    if (!convert_keys(items, out, types)) {
      const skops::NodeTypes::Type& of = plans_.types()[type];
      return pairs(items, plans_.types().number("ConstructorFromReduceNode", of.module, of.cls));
    }
  }
  const Handle keys = list_.key_types(common.list, common.str_type, types);
  return list_.add(type, {Value::node(keys), list_.entries(out)});
}

// The usual dict; false where a key is something else than text.
bool TakeApart::text_keys(PyObject* dict, std::vector<Value>& out, bool attributes) {
  PyObject *key = nullptr, *item = nullptr;
  Py_ssize_t at = 0;
  while (PyDict_Next(dict, &at, &key, &item)) {
    if (!PyUnicode_CheckExact(key)) return false;
  }
  const Py_ssize_t size = PyDict_GET_SIZE(dict);
  out.reserve(static_cast<std::size_t>(2 * size));
  const Inside inside(*this, {attributes ? Step::Kind::attribute : Step::Kind::key, nullptr, 0});
  at = 0;
  while (PyDict_Next(dict, &at, &key, &item)) {
    steps_.back().name = key;
    const Value text = this->text(key);
    if (text.kind != Value::Kind::string) return false;
    out.push_back(text);
    const Ref held = Ref::borrow(item);
    out.push_back(value(item));
    if (PyDict_GET_SIZE(dict) != size) {
      throw skops::Error(skops::Family::unsupported, "save.changing",
                         "a dict that changes while its items are taken apart", {},
                         "let no __getstate__ change other objects");
    }
  }
  return true;
}

bool TakeApart::convert_keys(PyObject* items, std::vector<Value>& out,
                             std::vector<skops::NodeTypes::Number>& types) {
  const Py_ssize_t size = PyList_GET_SIZE(items);
  std::unordered_set<std::string_view> seen;
  std::vector<Value> keys;
  for (Py_ssize_t k = 0; k < size; ++k) {
    Value text;
    skops::NodeTypes::Number type = 0;
    if (!key(PyTuple_GET_ITEM(PyList_GET_ITEM(items, k), 0), text, type)) return false;
    if (!seen.insert(text.view()).second) return false;
    keys.push_back(text);
    types.push_back(type);
  }
  const Inside inside(*this, {Step::Kind::key, nullptr, 0});
  for (Py_ssize_t k = 0; k < size; ++k) {
    PyObject* pair = PyList_GET_ITEM(items, k);
    steps_.back().name = PyTuple_GET_ITEM(pair, 0);
    out.push_back(keys[static_cast<std::size_t>(k)]);
    out.push_back(value(PyTuple_GET_ITEM(pair, 1)));
  }
  return true;
}

// The text and the type of a key; false where there are none that give it back.
bool TakeApart::key(PyObject* object, Value& text, skops::NodeTypes::Number& type) {
  const auto& common = plans_.common();
  Ref plain = Ref::borrow(object);
  if (PyUnicode_CheckExact(object)) {
    text = this->text(object);
    type = common.str_type;
    return text.kind == Value::Kind::string;
  }
  if (PyBool_Check(object)) {
    text = Value::string(object == Py_True ? "true" : "");
    type = common.bool_type;
    return true;
  }
  if (PyLong_CheckExact(object)) {
    type = common.int_type;
  } else if (PyFloat_CheckExact(object)) {
    type = common.float_type;
  } else if (PyArray_IsScalar(object, Integer) || PyArray_IsScalar(object, Floating)) {
    plain = checked(PyObject_CallMethod(object, "item", nullptr));
    if (!PyLong_CheckExact(plain.get()) && !PyFloat_CheckExact(plain.get())) return false;
    type = plans_.node("TypeNode", reinterpret_cast<PyObject*>(Py_TYPE(object)));
  } else {
    return false;
  }
  std::string digits;
  skops::append_plain_scalar(digits, value(plain.get()));
  text = Value::string(list_.keep(std::move(digits)));
  return true;
}

TakeApart::Handle TakeApart::pairs(PyObject* items, skops::NodeTypes::Number type) {
  const Handle list = sequence(items, plans_.common().list);
  return list_.add(type, {Value::node(tuple_of(Value::node(list)))});
}

}  // namespace skops_python
