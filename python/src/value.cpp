#include "value.hpp"

#include <cstring>

#include "output.hpp"

namespace skops_python {
namespace {

using skops::Value;

PyObject* text(const std::string& s) {
  return checked(
             PyUnicode_DecodeUTF8(s.data(), static_cast<Py_ssize_t>(s.size()), "surrogateescape"))
      .release();
}

PyObject* array(const skops::Array& a) {
  npy_intp dims[NPY_MAXDIMS];
  const auto shape = a.shape();
  if (shape.size() > NPY_MAXDIMS) {
    PyErr_SetString(PyExc_ValueError, "an array of too many dimensions");
    throw PythonError();
  }
  for (std::size_t k = 0; k < shape.size(); ++k) dims[k] = shape[k];
  Ref out = checked(PyArray_NewFromDescr(&PyArray_Type, numpy_dtype(a.dtype()),
                                         static_cast<int>(shape.size()), dims, nullptr, nullptr, 0,
                                         nullptr));
  auto* to = reinterpret_cast<PyArrayObject*>(out.get());
  if (a.dtype().kind == 'O') {
    auto** objects = static_cast<PyObject**>(PyArray_DATA(to));
    const auto* cells = static_cast<const skops::Cell*>(a.data());
    for (std::size_t k = 0; k < a.size(); ++k) {
      PyObject* old = objects[k];
      objects[k] = checked(from_cell(cells[k])).release();
      Py_XDECREF(old);
    }
  } else if (a.size() > 0) {
    std::memcpy(PyArray_DATA(to), a.data(), a.size() * a.dtype().itemsize);
  }
  // NumPy scalars come as arrays of no dimension.
  PyArray_CLEARFLAGS(to, NPY_ARRAY_WRITEABLE);
  if (shape.empty())
    return checked(PyArray_Return(reinterpret_cast<PyArrayObject*>(out.release()))).release();
  return out.release();
}

PyObject* list(const std::vector<Value>& items, const ModelPointer& model) {
  Ref out = checked(PyList_New(static_cast<Py_ssize_t>(items.size())));
  for (std::size_t k = 0; k < items.size(); ++k) {
    PyList_SET_ITEM(out.get(), static_cast<Py_ssize_t>(k), to_python(items[k], model));
  }
  return out.release();
}

}  // namespace

PyObject* to_python(const Value& value, const ModelPointer& model) {
  switch (value.kind) {
    case Value::Kind::none: Py_RETURN_NONE;
    case Value::Kind::boolean: return PyBool_FromLong(value.integer != 0);
    case Value::Kind::integer: return checked(PyLong_FromLongLong(value.integer)).release();
    case Value::Kind::big_integer:
      return checked(PyLong_FromString(value.text.c_str(), nullptr, 10)).release();
    case Value::Kind::real: return checked(PyFloat_FromDouble(value.real)).release();
    case Value::Kind::string:
    case Value::Kind::name: return text(value.text);
    case Value::Kind::object:
      return value.node != 0 ? make_object(model, value.node) : text(value.text);
    case Value::Kind::bytes:
      return checked(PyBytes_FromStringAndSize(reinterpret_cast<const char*>(value.bytes.data()),
                                               static_cast<Py_ssize_t>(value.bytes.size())))
          .release();
    case Value::Kind::list: return list(value.items, model);
    case Value::Kind::tuple:
      return checked(PyList_AsTuple(Ref(list(value.items, model)).get())).release();
    case Value::Kind::set: {
      const Ref items(list(value.items, model));
      return checked(PySet_New(items.get())).release();
    }
    case Value::Kind::mapping: {
      Ref out = checked(PyDict_New());
      for (std::size_t k = 0; k < value.items.size(); ++k) {
        const Ref key(to_python(value.keys[k], model)), item(to_python(value.items[k], model));
        if (PyDict_SetItem(out.get(), key.get(), item.get()) != 0) throw PythonError();
      }
      return out.release();
    }
    case Value::Kind::array: return array(value.array);
    case Value::Kind::csr:
      return make_csr(array(value.csr.data), array(value.csr.indices), array(value.csr.indptr),
                      value.csr.rows, value.csr.columns);
  }
  Py_RETURN_NONE;
}

}  // namespace skops_python
