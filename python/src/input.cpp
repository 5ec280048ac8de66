#include "input.hpp"

#include <cstring>

#include "skops/error.hpp"

namespace skops_python {
namespace {

using skops::Cell;

[[noreturn]] void bad(std::string text, std::string remedy = {}) {
  throw skops::Error(skops::Family::input, "input.type", std::move(text), {}, std::move(remedy));
}

std::string_view utf8(PyObject* text) {
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(text, &size);
  if (data == nullptr) throw PythonError();
  return {data, static_cast<std::size_t>(size)};
}

// pandas.NA and pandas.NaT are known by their types' names: pandas may not be installed.
bool is_missing(PyObject* object) {
  const char* name = Py_TYPE(object)->tp_name;
  return std::strstr(name, "NAType") != nullptr;
}

// The object as a cell; its text stays in the object.
Cell to_cell(PyObject* object) {
  if (object == nullptr || object == Py_None) return {};
  if (PyUnicode_Check(object)) return Cell::of(utf8(object));
  if (PyBool_Check(object)) return Cell::of(object == Py_True);
  if (PyFloat_Check(object)) return Cell::of(PyFloat_AS_DOUBLE(object));
  Cell other;
  other.kind = Cell::Kind::other;
  if (PyLong_Check(object)) {
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow != 0) return Cell::of(PyLong_AsDouble(object));
    return Cell::of(static_cast<std::int64_t>(value));
  }
  if (PyArray_IsScalar(object, Bool)) return Cell::of(PyObject_IsTrue(object) == 1);
  if (PyArray_IsScalar(object, Integer)) {
    const Ref number(PyNumber_Long(object));
    if (number) return to_cell(number.get());
    PyErr_Clear();
    return other;
  }
  if (PyArray_IsScalar(object, Floating)) {
    const double value = PyFloat_AsDouble(object);
    if (value == -1.0 && PyErr_Occurred()) PyErr_Clear();
    return Cell::of(value);
  }
  if (is_missing(object)) other.kind = Cell::Kind::missing;
  return other;
}

bool is_plain_number(int type) {
  return type == NPY_BOOL || PyTypeNum_ISINTEGER(type) || type == NPY_FLOAT || type == NPY_DOUBLE ||
         type == NPY_HALF;
}

}  // namespace

PyObject* PythonInput::keep(PyObject* owned) {
  if (owned == nullptr) throw PythonError();
  kept_.emplace_back(owned);
  return owned;
}

skops::ArrayView PythonInput::cells(PyArrayObject* array) {
  // A contiguous table of pointers, then their values.
  auto* whole = reinterpret_cast<PyArrayObject*>(
      keep(PyArray_FROM_OTF(reinterpret_cast<PyObject*>(array), NPY_OBJECT, NPY_ARRAY_CARRAY_RO)));
  const auto n = static_cast<std::size_t>(PyArray_SIZE(whole));
  auto& out = cells_.emplace_back();
  out.reserve(n);
  auto** objects = static_cast<PyObject**>(PyArray_DATA(whole));
  for (std::size_t k = 0; k < n; ++k) out.push_back(to_cell(objects[k]));
  skops::ArrayView view;
  view.data = out.data();
  view.dtype = {'O', sizeof(Cell)};
  view.ndim = static_cast<std::uint32_t>(PyArray_NDIM(whole));
  std::int64_t stride = sizeof(Cell);
  for (int k = PyArray_NDIM(whole); k-- > 0;) {
    view.shape[k] = PyArray_DIM(whole, k);
    view.strides[k] = stride;
    stride *= view.shape[k];
  }
  return view;
}

skops::ArrayView PythonInput::view(PyObject* object) {
  auto* array = reinterpret_cast<PyArrayObject*>(object);
  const int ndim = PyArray_NDIM(array);
  if (ndim < 1 || ndim > 2) {
    bad("Expected 2D array, got " + std::to_string(ndim) + "D array instead",
        "reshape the data, one row a sample");
  }
  const int type = PyArray_TYPE(array);
  const bool text = type == NPY_UNICODE;
  if (!is_plain_number(type) && !text) {
    if (type == NPY_LONGDOUBLE) {
      array = reinterpret_cast<PyArrayObject*>(
          keep(PyArray_FROM_OTF(object, NPY_DOUBLE, NPY_ARRAY_CARRAY_RO)));
    } else if (PyTypeNum_ISCOMPLEX(type)) {
      bad("Complex data not supported");
    } else {
      return cells(array);
    }
  } else if (!PyArray_ISNOTSWAPPED(array)) {
    PyArray_Descr* native = PyArray_DescrNewByteorder(PyArray_DESCR(array), NPY_NATIVE);
    array = reinterpret_cast<PyArrayObject*>(
        keep(PyArray_FromArray(array, native, NPY_ARRAY_CARRAY_RO)));
  }
  skops::ArrayView view;
  view.data = PyArray_DATA(array);
  const char kind = PyArray_DESCR(array)->kind;
  view.dtype = {kind, static_cast<std::uint32_t>(PyArray_ITEMSIZE(array))};
  view.ndim = static_cast<std::uint32_t>(ndim);
  for (int k = 0; k < ndim; ++k) {
    view.shape[k] = PyArray_DIM(array, k);
    view.strides[k] = PyArray_STRIDE(array, k);
  }
  return view;
}

void PythonInput::of_array(PyArrayObject* array) {
  const int type = PyArray_TYPE(array);
  const bool numbers = is_plain_number(type) || type == NPY_LONGDOUBLE;
  if (!numbers && PyArray_NDIM(array) == 1) {
    // One-dimensional texts are documents (or labels).
    const auto n = static_cast<std::size_t>(PyArray_DIM(array, 0));
    const Ref objects = checked(PyArray_FROM_OTF(reinterpret_cast<PyObject*>(array), NPY_OBJECT,
                                                 NPY_ARRAY_CARRAY_RO));
    auto** items = static_cast<PyObject**>(
        PyArray_DATA(reinterpret_cast<PyArrayObject*>(objects.get())));
    bool all = n > 0;
    for (std::size_t k = 0; all && k < n; ++k) all = items[k] != nullptr && PyUnicode_Check(items[k]);
    if (all) {
      texts_.reserve(n);
      for (std::size_t k = 0; k < n; ++k) texts_.push_back(utf8(items[k]));
      kept_.push_back(Ref::borrow(objects.get()));
      input_.emplace(std::span<const std::string_view>(texts_));
      return;
    }
  }
  input_.emplace(view(reinterpret_cast<PyObject*>(array)));
}

void PythonInput::of_sparse(PyObject* matrix) {
  const Ref format = attribute(matrix, "format");
  PyObject* csr = matrix;
  if (!format || !PyUnicode_Check(format.get()) || utf8(format.get()) != "csr") {
    csr = keep(PyObject_CallMethod(matrix, "tocsr", nullptr));
  }
  const auto part = [&](const char* name) {
    PyObject* array = keep(PyObject_GetAttrString(csr, name));
    if (!PyArray_Check(array) || PyArray_NDIM(reinterpret_cast<PyArrayObject*>(array)) != 1) {
      bad("a sparse matrix has malformed parts");
    }
    return view(array);
  };
  skops::CsrView out;
  out.data = part("data");
  out.indices = part("indices");
  out.indptr = part("indptr");
  const Ref shape = checked(PyObject_GetAttrString(csr, "shape"));
  Py_ssize_t rows = 0, columns = 0;
  if (!PyArg_ParseTuple(shape.get(), "nn", &rows, &columns)) throw PythonError();
  if (rows < 0 || columns < 0) bad("a sparse matrix has a negative shape");
  out.rows = static_cast<std::size_t>(rows);
  out.columns = static_cast<std::size_t>(columns);
  input_.emplace(out);
}

void PythonInput::of_texts(PyObject* sequence) {
  const auto n = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(sequence));
  PyObject** items = PySequence_Fast_ITEMS(sequence);
  texts_.reserve(n);
  for (std::size_t k = 0; k < n; ++k) texts_.push_back(utf8(items[k]));
  input_.emplace(std::span<const std::string_view>(texts_));
}

void PythonInput::of_anything(PyObject* x) {
  if (PyList_Check(x) || PyTuple_Check(x)) {
    const auto n = PySequence_Fast_GET_SIZE(x);
    bool all = n > 0;
    for (Py_ssize_t k = 0; all && k < n; ++k) all = PyUnicode_Check(PySequence_Fast_ITEMS(x)[k]);
    if (all) return of_texts(x);
  }
  if (PyUnicode_Check(x)) {
    bad("Iterable over raw text documents expected, string object received.",
        "pass a list of texts");
  }
  PyObject* array = keep(PyArray_FROM_O(x));
  of_array(reinterpret_cast<PyArrayObject*>(array));
}

PythonInput::PythonInput(PyObject* x) {
  if (PyArray_Check(x)) {
    of_array(reinterpret_cast<PyArrayObject*>(x));
  } else if (PyList_Check(x) || PyTuple_Check(x)) {
    of_anything(x);
  } else if (PyDict_Check(x)) {
    of_mapping(x);
  } else if (PyObject_HasAttrString(x, "tocsr")) {
    of_sparse(x);
  } else if (PyObject_HasAttrString(x, "_mgr") && PyObject_HasAttrString(x, "columns")) {
    of_frame(x);
  } else if (PyObject_HasAttrString(x, "__arrow_c_stream__")) {
    of_arrow(x);
  } else {
    of_anything(x);
  }
}

}  // namespace skops_python
