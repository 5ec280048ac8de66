// Arrays, NumPy's scalars and arrays of objects.
#include <string>

#include "objects/build_npy.hpp"
#include "objects/build_objects.hpp"
#include "skops/error.hpp"

namespace skops_python {

using skops::NodeId;

namespace {

PyArrayObject* as_array(const Ref& array) {
  return reinterpret_cast<PyArrayObject*>(array.get());
}

bool is_a(PyTypeObject* cls, PyTypeObject& base) {
  return PyType_IsSubtype(cls, &base) != 0;
}

// An array seen as one of a subclass; its own constructor might do anything with it.
Ref of_class(Ref array, PyTypeObject* cls) {
  if (cls == &PyArray_Type) return array;
  return checked(PyArray_View(as_array(array), nullptr, cls));
}

// The scalar in an array of no dimension. A class that is another name for the dtype's own
// (numpy.longlong for numpy.int64) is made from the same bytes.
Ref scalar(const Ref& array, PyTypeObject* cls) {
  const auto mismatch = [] {
    return skops::Error(skops::Family::malformed, "objects.scalar",
                        "a NumPy scalar whose array is none of its type");
  };
  if (PyArray_NDIM(as_array(array)) != 0) throw mismatch();
  PyArray_Descr* dtype = PyArray_DESCR(as_array(array));
  Ref out = checked(PyArray_Scalar(PyArray_DATA(as_array(array)), dtype, array.get()));
  if (Py_TYPE(out.get()) == cls) return out;
  const Ref wanted(
      reinterpret_cast<PyObject*>(PyArray_DescrFromTypeObject(reinterpret_cast<PyObject*>(cls))));
  if (!wanted) throw PythonError();
  auto* own = reinterpret_cast<PyArray_Descr*>(wanted.get());
  if (own->kind != dtype->kind || PyDataType_ELSIZE(own) != PyDataType_ELSIZE(dtype) ||
      PyArray_ISNBO(dtype->byteorder) == 0) {
    throw mismatch();
  }
  out = checked(PyArray_Scalar(PyArray_DATA(as_array(array)), own, array.get()));
  if (Py_TYPE(out.get()) != cls) throw mismatch();
  return out;
}

}  // namespace

Ref ObjectBuilder::array(NodeId id, Kind& kind) {
  PyTypeObject* cls = type(id, kind);
  const std::string_view name = field_text(id, 0);
  Ref out;
  try {
    out = read_npy(member(name), *budget_);
  } catch (const skops::Error& error) {
    throw error.with({.member = std::string(name)});
  }
  if (is_a(cls, PyArray_Type)) return of_class(std::move(out), cls);
  if (is_a(cls, PyGenericArrType_Type)) return scalar(out, cls);
  fail(id, "objects.class", "an array of a class that is no array and no NumPy scalar");
}

namespace {

// Puts the cells of nested lists into the array, `at` counting them.
void fill(PyObject** cells, std::size_t& at, PyObject* items, const npy_intp* shape, int rank) {
  if (!PyList_Check(items) || PyList_GET_SIZE(items) != shape[0]) {
    throw skops::Error(skops::Family::malformed, "objects.shape",
                       "the lists of an object array do not have its shape");
  }
  for (npy_intp k = 0; k < shape[0]; ++k) {
    PyObject* item = PyList_GET_ITEM(items, k);
    if (rank > 1) {
      fill(cells, at, item, shape + 1, rank - 1);
    } else {
      PyObject* old = cells[at];
      cells[at++] = Ref::borrow(item).release();
      Py_XDECREF(old);
    }
  }
}

}  // namespace

Ref ObjectBuilder::object_array(NodeId id, Kind& kind) {
  PyTypeObject* cls = type(id, kind);
  if (!is_a(cls, PyArray_Type)) fail(id, "objects.class", "an array of a class that is no array");
  const Ref cells = items(id, 0), extents = child(id, 1);
  npy_intp shape[NPY_MAXDIMS];
  if (!PyTuple_Check(extents.get()) || PyTuple_GET_SIZE(extents.get()) > NPY_MAXDIMS) {
    fail(id, "objects.shape", "the shape of an object array is no tuple of extents");
  }
  const int rank = static_cast<int>(PyTuple_GET_SIZE(extents.get()));
  std::uint64_t count = 1;
  for (int k = 0; k < rank; ++k) {
    PyObject* extent = PyTuple_GET_ITEM(extents.get(), k);
    shape[k] = PyLong_CheckExact(extent) ? PyLong_AsSsize_t(extent) : -1;
    if (shape[k] < 0) {
      PyErr_Clear();
      fail(id, "objects.shape", "the shape of an object array is no tuple of extents");
    }
    if (__builtin_mul_overflow(count, static_cast<std::uint64_t>(shape[k]), &count)) count = ~0ull;
  }
  budget_->add_cells(count);
  budget_->allocate(count * sizeof(PyObject*));
  Ref out = checked(PyArray_NewFromDescr(&PyArray_Type, PyArray_DescrFromType(NPY_OBJECT), rank,
                                         shape, nullptr, nullptr, 0, nullptr));
  auto** to = static_cast<PyObject**>(PyArray_DATA(as_array(out)));
  std::size_t at = 0;
  if (rank > 0) {
    fill(to, at, cells.get(), shape, rank);
  } else if (PyList_GET_SIZE(cells.get()) == 1) {  // the cell of an array of no dimension
    PyObject* old = to[0];
    to[0] = Ref::borrow(PyList_GET_ITEM(cells.get(), 0)).release();
    Py_XDECREF(old);
  } else {
    fail(id, "objects.shape", "an object array of no dimension has not one cell");
  }
  return of_class(std::move(out), cls);
}

}  // namespace skops_python
