#include "input.hpp"

#include <cstring>

#include "arrow.hpp"
#include "skops/error.hpp"

namespace skops_python {

Names names;

void intern_names() {
  const auto intern = [](const char* text) {
    return checked(PyUnicode_InternFromString(text)).release();  // lives as long as the process
  };
  names = {intern("__array__"),
           intern("__array_interface__"),
           intern("__array_struct__"),
           intern("__arrow_c_array__"),
           intern("__arrow_c_stream__"),
           intern("as_array"),
           intern("blocks"),
           intern("columns"),
           intern("data"),
           intern("format"),
           intern("iloc"),
           intern("indices"),
           intern("indptr"),
           intern("mgr_locs"),
           intern("_mgr"),
           intern("shape"),
           intern("tocsr"),
           intern("tolist"),
           intern("values")};
}

namespace {

using skops::Cell;

[[noreturn]] void bad(std::string text, std::string remedy = {}) {
  throw skops::Error(skops::Family::input, "input.type", std::move(text), {}, std::move(remedy));
}

// Turns the Python exception that is set into libskops' own where it complains about the data;
// others (KeyboardInterrupt, MemoryError, …) go on as they are.
[[noreturn]] void refused() {
  const bool about_data = PyErr_ExceptionMatches(PyExc_ValueError) ||
                          PyErr_ExceptionMatches(PyExc_TypeError) ||
                          PyErr_ExceptionMatches(PyExc_OverflowError);
  if (!about_data) throw PythonError();
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  const Ref owned_type(type), owned_value(value), owned_trace(trace);
  const Ref text(value ? PyObject_Str(value) : nullptr);
  const char* utf = text ? PyUnicode_AsUTF8(text.get()) : nullptr;
  const std::string message = utf ? utf : "the data cannot be read";
  PyErr_Clear();
  bad(message);
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
    if (overflow == 0) return Cell::of(static_cast<std::int64_t>(value));
    const double rounded = PyLong_AsDouble(object);
    if (rounded == -1.0 && PyErr_Occurred()) {
      PyErr_Clear();
      return other;
    }
    return Cell::of(rounded);
  }
  if (PyArray_IsScalar(object, Bool)) return Cell::of(PyObject_IsTrue(object) == 1);
  if (PyArray_IsScalar(object, Integer)) {
    const Ref number(PyNumber_Long(object));
    if (number && PyLong_CheckExact(number.get())) return to_cell(number.get());
    PyErr_Clear();
    return other;
  }
  if (PyArray_IsScalar(object, Floating)) {
    const double value = PyFloat_AsDouble(object);
    if (value != -1.0 || !PyErr_Occurred()) return Cell::of(value);
    PyErr_Clear();
    return other;
  }
  if (is_missing(object)) other.kind = Cell::Kind::missing;
  return other;
}

bool is_plain_number(int type) {
  return type == NPY_BOOL || PyTypeNum_ISINTEGER(type) || type == NPY_FLOAT || type == NPY_DOUBLE;
}

bool type_has(PyObject* object, PyObject* name) {
  return _PyType_Lookup(Py_TYPE(object), name) != nullptr;
}

}  // namespace

std::string_view utf8(PyObject* text) {
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(text, &size);
  if (data == nullptr) {
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) throw PythonError();
    PyErr_Clear();
    bad("a text holds half of a surrogate pair", "decode it with errors='replace'");
  }
  return {data, static_cast<std::size_t>(size)};
}

PythonInput::~PythonInput() = default;

PyObject* PythonInput::keep(PyObject* owned) {
  if (owned == nullptr) throw PythonError();
  kept_.emplace_back(owned);
  return owned;
}

PyObject* PythonInput::as_array(PyObject* x) {
  if (PyArray_Check(x)) {
    Py_INCREF(x);
    return keep(x);
  }
  PyObject* array = PyArray_FROM_O(x);
  if (array == nullptr) refused();
  return keep(array);
}

skops::ArrayView PythonInput::cells(PyArrayObject* array) {
  // A table of references of our own, as nobody may change it or free its texts; then their values.
  auto* whole = reinterpret_cast<PyArrayObject*>(
      PyArray_FROM_OTF(reinterpret_cast<PyObject*>(array), NPY_OBJECT,
                       NPY_ARRAY_CARRAY_RO | NPY_ARRAY_ENSURECOPY | NPY_ARRAY_ENSUREARRAY));
  if (whole == nullptr) refused();
  keep(reinterpret_cast<PyObject*>(whole));
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
    bad("Expected 2D array, got " + (ndim == 0 ? "scalar" : std::to_string(ndim) + "D") +
            " array instead",
        "reshape the data, one row a sample");
  }
  const int type = PyArray_TYPE(array);
  if (!is_plain_number(type) && type != NPY_UNICODE) {
    if (PyTypeNum_ISCOMPLEX(type)) bad("Complex data not supported");
    // Kernels compute in float32 or float64: half and long floats are read as float64.
    if (type != NPY_LONGDOUBLE && type != NPY_HALF) return cells(array);
    array = reinterpret_cast<PyArrayObject*>(
        keep(PyArray_FROM_OTF(object, NPY_DOUBLE, NPY_ARRAY_CARRAY_RO | NPY_ARRAY_FORCECAST)));
  } else if (!PyArray_ISNOTSWAPPED(array)) {
    PyArray_Descr* native = PyArray_DescrNewByteorder(PyArray_DESCR(array), NPY_NATIVE);
    if (native == nullptr) throw PythonError();
    array = reinterpret_cast<PyArrayObject*>(
        keep(PyArray_FromArray(array, native, NPY_ARRAY_CARRAY_RO)));
  }
  skops::ArrayView view;
  view.data = PyArray_DATA(array);
  view.dtype = {PyArray_DESCR(array)->kind, static_cast<std::uint32_t>(PyArray_ITEMSIZE(array))};
  view.ndim = static_cast<std::uint32_t>(ndim);
  for (int k = 0; k < ndim; ++k) {
    view.shape[k] = PyArray_DIM(array, k);
    view.strides[k] = PyArray_STRIDE(array, k);
  }
  return view;
}

void PythonInput::of_array(PyArrayObject* array) {
  const int type = PyArray_TYPE(array);
  if (is_plain_number(type) || PyArray_NDIM(array) != 1) {
    input_.emplace(view(reinterpret_cast<PyObject*>(array)));
    return;
  }
  const skops::ArrayView all =
      type == NPY_UNICODE ? cells(array) : view(reinterpret_cast<PyObject*>(array));
  if (all.dtype.kind == 'O' && all.shape[0] > 0) {
    // One-dimensional texts are documents (or labels).
    const std::vector<Cell>& cells = cells_.back();
    texts_.reserve(cells.size());
    for (const Cell& cell : cells) {
      if (cell.kind != Cell::Kind::string) break;
      texts_.push_back(cell.text());
    }
    if (texts_.size() == cells.size()) {
      input_.emplace(std::span<const std::string_view>(texts_));
      return;
    }
  }
  input_.emplace(all);
}

void PythonInput::of_sparse(PyObject* matrix) {
  PyObject* csr = matrix;
  const Ref format = checked(PyObject_GetAttr(matrix, names.format));
  if (!PyUnicode_Check(format.get()) || utf8(format.get()) != "csr") {
    csr = keep(PyObject_CallMethodNoArgs(matrix, names.tocsr));
  }
  sparse_array_ = std::strstr(Py_TYPE(csr)->tp_name, "_array") != nullptr;
  const auto part = [&](PyObject* name) {
    PyObject* array = keep(PyObject_GetAttr(csr, name));
    if (!PyArray_Check(array) || PyArray_NDIM(reinterpret_cast<PyArrayObject*>(array)) != 1) {
      bad("a sparse matrix has malformed parts");
    }
    return array;
  };
  PyObject* data = part(names.data);
  const int type = PyArray_TYPE(reinterpret_cast<PyArrayObject*>(data));
  if (PyTypeNum_ISCOMPLEX(type)) bad("Complex data not supported");
  if (!is_plain_number(type) && type != NPY_LONGDOUBLE && type != NPY_HALF) {
    bad("a sparse matrix must hold numbers");
  }
  PyObject *indices = part(names.indices), *indptr = part(names.indptr);
  const auto index_type = [](PyObject* a) {
    return PyArray_TYPE(reinterpret_cast<PyArrayObject*>(a));
  };
  const int wanted =
      index_type(indices) == NPY_INT32 && index_type(indptr) == NPY_INT32 ? NPY_INT32 : NPY_INT64;
  const auto index_view = [&](PyObject* array) {
    PyObject* plain = PyArray_FROM_OTF(array, wanted, NPY_ARRAY_CARRAY_RO);
    if (plain == nullptr) refused();
    skops::ArrayView out = view(keep(plain));
    out.strides[0] = out.dtype.itemsize;  // NumPy leaves any stride where the length is 1
    return out;
  };
  skops::CsrView out;
  out.data = view(data);
  out.indices = index_view(indices);
  out.indptr = index_view(indptr);
  const Ref shape = checked(PyObject_GetAttr(csr, names.shape));
  Py_ssize_t rows = 0, columns = 0;
  if (!PyTuple_Check(shape.get()) || PyTuple_GET_SIZE(shape.get()) != 2) {
    bad("Expected 2D array, got another sparse array instead");
  }
  rows = PyLong_AsSsize_t(PyTuple_GET_ITEM(shape.get(), 0));
  columns = PyLong_AsSsize_t(PyTuple_GET_ITEM(shape.get(), 1));
  if (PyErr_Occurred()) refused();
  if (rows < 0 || columns < 0 || rows != out.indptr.shape[0] - 1) {
    bad("the parts of a sparse matrix do not fit its shape");
  }
  // A matrix whose index arrays are longer than what its rows use is honest (SciPy trims lazily).
  const std::int64_t used = wanted == NPY_INT32
                                ? static_cast<const std::int32_t*>(out.indptr.data)[rows]
                                : static_cast<const std::int64_t*>(out.indptr.data)[rows];
  if (used < 0 || used > out.indices.shape[0] || used > out.data.shape[0]) {
    bad("the parts of a sparse matrix do not fit each other");
  }
  out.indices.shape[0] = out.data.shape[0] = used;
  out.rows = static_cast<std::size_t>(rows);
  out.columns = static_cast<std::size_t>(columns);
  input_.emplace(out);
}

void PythonInput::of_sequence(PyObject* sequence) {
  // A tuple of our own: another thread may change a list while the call runs.
  PyObject* items = PyTuple_Check(sequence) ? sequence : keep(PyList_AsTuple(sequence));
  const Py_ssize_t n = PyTuple_GET_SIZE(items);
  Py_ssize_t texts = 0;
  while (texts < n && PyUnicode_Check(PyTuple_GET_ITEM(items, texts))) ++texts;
  if (texts == n && n > 0) {
    texts_.reserve(static_cast<std::size_t>(n));
    for (Py_ssize_t k = 0; k < n; ++k) texts_.push_back(utf8(PyTuple_GET_ITEM(items, k)));
    input_.emplace(std::span<const std::string_view>(texts_));
    return;
  }
  PyObject* array = as_array(items);
  const int type = PyArray_TYPE(reinterpret_cast<PyArrayObject*>(array));
  if (type == NPY_UNICODE || type == NPY_STRING) {
    // NumPy has turned numbers beside texts into texts: keep them apart.
    array = PyArray_FROM_OT(items, NPY_OBJECT);
    if (array == nullptr) refused();
    keep(array);
  }
  of_array(reinterpret_cast<PyArrayObject*>(array));
}

void PythonInput::of_anything(PyObject* x) {
  if (PyUnicode_Check(x)) {
    bad("Iterable over raw text documents expected, string object received.",
        "pass a list of texts");
  }
  const bool array_like = PyObject_CheckBuffer(x) || type_has(x, names.array) ||
                          type_has(x, names.array_interface) || type_has(x, names.array_struct);
  if (!array_like && (PyIter_Check(x) || PySequence_Check(x))) {
    PyObject* items = keep(PySequence_Tuple(x));
    if (PyTuple_GET_SIZE(items) > 0) return of_sequence(items);
  }
  of_array(reinterpret_cast<PyArrayObject*>(as_array(x)));
}

PythonInput::PythonInput(PyObject* x, std::shared_ptr<const ColumnNames>* last) {
  kept_.reserve(8);
  if (PyArray_Check(x)) {
    of_array(reinterpret_cast<PyArrayObject*>(x));
  } else if (PyList_Check(x) || PyTuple_Check(x)) {
    of_sequence(x);
  } else if (PyDict_Check(x)) {
    of_mapping(x);
  } else if (type_has(x, names.iloc)) {
    // pandas: a frame has columns, a series has none.
    type_has(x, names.columns) ? of_frame(x, last) : of_anything(x);
  } else if (type_has(x, names.tocsr)) {
    of_sparse(x);
  } else if (type_has(x, names.arrow_stream)) {
    of_arrow(x);
  } else {
    of_anything(x);
  }
}

}  // namespace skops_python
