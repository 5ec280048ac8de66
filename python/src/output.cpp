#include "output.hpp"

#include <cstring>
#include <optional>

#include "skops/error.hpp"

namespace skops_python {

using skops::Cell;

PyArray_Descr* numpy_dtype(skops::Dtype dtype) {
  int type = NPY_VOID;
  switch (dtype.itemsize > 16 ? 0 : dtype.kind << 8 | static_cast<int>(dtype.itemsize)) {
    case 'f' << 8 | 8: type = NPY_DOUBLE; break;
    case 'f' << 8 | 4: type = NPY_FLOAT; break;
    case 'f' << 8 | 2: type = NPY_HALF; break;
    case 'i' << 8 | 8: type = NPY_INT64; break;
    case 'i' << 8 | 4: type = NPY_INT32; break;
    case 'i' << 8 | 2: type = NPY_INT16; break;
    case 'i' << 8 | 1: type = NPY_INT8; break;
    case 'u' << 8 | 8: type = NPY_UINT64; break;
    case 'u' << 8 | 4: type = NPY_UINT32; break;
    case 'u' << 8 | 2: type = NPY_UINT16; break;
    case 'u' << 8 | 1: type = NPY_UINT8; break;
    case 'b' << 8 | 1: type = NPY_BOOL; break;
    case 'c' << 8 | 8: type = NPY_CFLOAT; break;
    case 'c' << 8 | 16: type = NPY_CDOUBLE; break;
    default: break;
  }
  if (dtype.kind == 'U') type = NPY_UNICODE;
  if (dtype.kind == 'S') type = NPY_STRING;
  if (dtype.kind == 'O') type = NPY_OBJECT;
  const bool sized = type == NPY_UNICODE || type == NPY_STRING || type == NPY_VOID;
  PyArray_Descr* descr = sized ? PyArray_DescrNewFromType(type) : PyArray_DescrFromType(type);
  if (descr == nullptr) throw PythonError();
  if (sized) {
    PyDataType_SET_ELSIZE(descr, static_cast<npy_intp>(dtype.itemsize));
  }
  return descr;
}

PyObject* from_cell(const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::boolean: return PyBool_FromLong(cell.as.integer != 0);
    case Cell::Kind::integer: return PyLong_FromLongLong(cell.as.integer);
    case Cell::Kind::real: return PyFloat_FromDouble(cell.as.real);
    case Cell::Kind::string:
      return PyUnicode_FromStringAndSize(cell.as.string.data,
                                         static_cast<Py_ssize_t>(cell.as.string.size));
    default: Py_RETURN_NONE;
  }
}

PyObject* make_csr(PyObject* data, PyObject* indices, PyObject* indptr, std::size_t rows,
                   std::size_t columns, bool array) {
  const Ref parts = checked(Py_BuildValue("(NNN)", data, indices, indptr));
  const Ref shape = checked(
      Py_BuildValue("(nn)", static_cast<Py_ssize_t>(rows), static_cast<Py_ssize_t>(columns)));
  const Ref sparse(PyImport_ImportModule("scipy.sparse"));
  if (!sparse) {
    PyErr_Clear();
    return checked(PySequence_Concat(parts.get(), checked(PyTuple_Pack(1, shape.get())).get()))
        .release();
  }
  const Ref type =
      checked(PyObject_GetAttrString(sparse.get(), array ? "csr_array" : "csr_matrix"));
  const Ref arguments = checked(PyTuple_Pack(1, parts.get()));
  const Ref keywords = checked(Py_BuildValue("{sO}", "shape", shape.get()));
  return checked(PyObject_Call(type.get(), arguments.get(), keywords.get())).release();
}

namespace {

class Gil {
 public:
  explicit Gil(bool take) : taken_(take) {
    if (taken_) state_ = PyGILState_Ensure();
  }
  ~Gil() {
    if (taken_) PyGILState_Release(state_);
  }
  Gil(const Gil&) = delete;
  Gil& operator=(const Gil&) = delete;

 private:
  bool taken_;
  PyGILState_STATE state_{};
};

PyObject* empty(skops::Dtype dtype, int ndim, const npy_intp* shape) {
  return checked(PyArray_NewFromDescr(&PyArray_Type, numpy_dtype(dtype), ndim, shape, nullptr,
                                      nullptr, 0, nullptr))
      .release();
}

}  // namespace

void* PythonSink::array(skops::Dtype dtype, std::span<const std::int64_t> shape) {
  const Gil gil(released_);
  npy_intp dims[NPY_MAXDIMS];
  if (shape.size() > NPY_MAXDIMS) throw std::length_error("a result of too many dimensions");
  for (std::size_t k = 0; k < shape.size(); ++k) dims[k] = shape[k];
  Item& item = items_.emplace_back();
  item.object = Ref(empty(dtype, static_cast<int>(shape.size()), dims));
  auto* array = reinterpret_cast<PyArrayObject*>(item.object.get());
  if (dtype.kind != 'O') return PyArray_DATA(array);
  item.cells.resize(static_cast<std::size_t>(PyArray_SIZE(array)));
  return item.cells.data();
}

skops::Sink::CsrMemory PythonSink::csr(skops::Dtype dtype, std::size_t rows, std::size_t columns,
                                       std::size_t nnz) {
  const Gil gil(released_);
  Item& item = items_.emplace_back();
  item.sparse = true;
  item.rows = rows;
  item.columns = columns;
  const npy_intp n = static_cast<npy_intp>(nnz), pointers = static_cast<npy_intp>(rows) + 1;
  Ref data(empty(dtype, 1, &n)), indices(empty({'i', 4}, 1, &n)),
      indptr(empty({'i', 4}, 1, &pointers));
  const auto memory = [](const Ref& r) {
    return PyArray_DATA(reinterpret_cast<PyArrayObject*>(r.get()));
  };
  const CsrMemory out{memory(data), static_cast<std::int32_t*>(memory(indices)),
                      static_cast<std::int32_t*>(memory(indptr))};
  item.object = checked(Py_BuildValue("(OOO)", data.get(), indices.get(), indptr.get()));
  return out;
}

void PythonSink::begin(bool tuple) {
  open_.push_back(items_.size());
  Item& item = items_.emplace_back();
  item.group = true;
  item.tuple = tuple;
}

void PythonSink::end() {
  if (open_.empty()) throw std::logic_error("a list ends that never began");
  items_[open_.back()].children = items_.size() - open_.back() - 1;
  open_.pop_back();
}

void* PythonSink::bytes(std::size_t size) {
  return texts_.emplace_back(std::make_unique_for_overwrite<char[]>(size)).get();
}

PyObject* PythonSink::finish(std::size_t& at) {
  Item& item = items_[at++];
  if (item.group) {
    const std::size_t end = at + item.children;
    Ref list = checked(PyList_New(0));
    while (at < end) {
      const Ref child = checked(finish(at));
      if (PyList_Append(list.get(), child.get()) != 0) throw PythonError();
    }
    return item.tuple ? checked(PyList_AsTuple(list.get())).release() : list.release();
  }
  if (item.sparse) {
    PyObject* parts[3];
    for (int k = 0; k < 3; ++k) {
      parts[k] = PyTuple_GET_ITEM(item.object.get(), k);
      Py_INCREF(parts[k]);
    }
    return make_csr(parts[0], parts[1], parts[2], item.rows, item.columns, sparse_array_);
  }
  if (!item.cells.empty()) {
    auto* array = reinterpret_cast<PyArrayObject*>(item.object.get());
    auto** objects = static_cast<PyObject**>(PyArray_DATA(array));
    for (std::size_t k = 0; k < item.cells.size(); ++k) {
      PyObject* old = objects[k];
      objects[k] = checked(from_cell(item.cells[k])).release();
      Py_XDECREF(old);
    }
  }
  return item.object.release();
}

PyObject* PythonSink::take() {
  if (!open_.empty() || items_.empty()) {
    throw skops::Error(skops::Family::plugin, "plugin.sink", "a method gave no whole result");
  }
  std::size_t at = 0;
  PyObject* out = finish(at);
  if (at != items_.size()) {
    Py_DECREF(out);
    throw skops::Error(skops::Family::plugin, "plugin.sink", "a method gave several results");
  }
  return out;
}

}  // namespace skops_python
