// Data frames and dicts of columns.
#include "input.hpp"
#include "skops/error.hpp"

namespace skops_python {
namespace {

[[noreturn]] void bad(std::string text) {
  throw skops::Error(skops::Family::input, "input.table", std::move(text));
}

}  // namespace

void PythonInput::set_table(PyObject* names, std::vector<skops::ArrayView> columns,
                            std::size_t rows) {
  const Ref list = checked(PySequence_Fast(names, "column names must be a sequence"));
  const auto n = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(list.get()));
  if (n != columns.size()) bad("a table has not as many names as columns");
  columns_.reserve(n);
  for (std::size_t j = 0; j < n; ++j) {
    PyObject* name = PySequence_Fast_GET_ITEM(list.get(), static_cast<Py_ssize_t>(j));
    std::string_view text;
    // Names that are no texts stay empty: scikit-learn ignores them as well.
    if (PyUnicode_Check(name)) {
      Py_ssize_t size = 0;
      const char* data = PyUnicode_AsUTF8AndSize(name, &size);
      if (data == nullptr) throw PythonError();
      text = {data, static_cast<std::size_t>(size)};
      kept_.push_back(Ref::borrow(name));
    }
    columns_.push_back({text, columns[j]});
  }
  input_.emplace(std::span<const skops::ColumnView>(columns_), rows);
}

PyObject* PythonInput::column_array(PyObject* values) {
  if (PyArray_Check(values)) {
    kept_.push_back(Ref::borrow(values));
    return values;
  }
  // Extension arrays: numbers where they are numbers, objects otherwise.
  PyObject* array = keep(PyArray_FROM_O(values));
  return array;
}

// pandas keeps columns of one dtype in blocks of shape (columns, rows); reading these costs a
// hundredth of reading column by column. Anything unexpected: false, and the public way is taken.
bool PythonInput::of_blocks(PyObject* frame, PyObject* names) {
  const Ref manager = attribute(frame, "_mgr");
  const Ref blocks = manager ? attribute(manager.get(), "blocks") : Ref();
  if (!blocks || !PyTuple_Check(blocks.get())) return false;
  const Py_ssize_t width = PySequence_Size(names);
  if (width < 0) throw PythonError();
  std::vector<skops::ArrayView> columns(static_cast<std::size_t>(width));
  std::vector<bool> filled(columns.size(), false);
  std::int64_t rows = -1;
  for (Py_ssize_t b = 0; b < PyTuple_GET_SIZE(blocks.get()); ++b) {
    PyObject* block = PyTuple_GET_ITEM(blocks.get(), b);
    const Ref values = attribute(block, "values"), locations = attribute(block, "mgr_locs");
    const Ref positions = locations ? attribute(locations.get(), "as_array") : Ref();
    if (!values || !positions || !PyArray_Check(positions.get())) return false;
    const Ref at = checked(PyArray_FROM_OTF(positions.get(), NPY_INT64, NPY_ARRAY_CARRAY_RO));
    auto* at_array = reinterpret_cast<PyArrayObject*>(at.get());
    const auto* index = static_cast<const std::int64_t*>(PyArray_DATA(at_array));
    const npy_intp count = PyArray_SIZE(at_array);
    PyObject* array = column_array(values.get());
    const skops::ArrayView all = view(array);
    if (all.ndim == 2 ? all.shape[0] != count : count != 1) return false;
    for (npy_intp k = 0; k < count; ++k) {
      if (index[k] < 0 || index[k] >= width) return false;
      skops::ArrayView& column = columns[static_cast<std::size_t>(index[k])];
      column = all;
      if (all.ndim == 2) {
        column.ndim = 1;
        column.data = static_cast<const char*>(all.data) + k * all.strides[0];
        column.shape[0] = all.shape[1];
        column.strides[0] = all.strides[1];
      }
      filled[static_cast<std::size_t>(index[k])] = true;
      if (rows >= 0 && column.shape[0] != rows) return false;
      rows = column.shape[0];
    }
  }
  for (const bool done : filled) {
    if (!done) return false;
  }
  if (rows < 0) return false;
  set_table(names, std::move(columns), static_cast<std::size_t>(rows));
  return true;
}

void PythonInput::of_frame(PyObject* frame) {
  PyObject* names = keep(PyObject_CallMethod(
      keep(PyObject_GetAttrString(frame, "columns")), "tolist", nullptr));
  if (of_blocks(frame, names)) return;
  std::vector<skops::ArrayView> columns;
  std::int64_t rows = 0;
  const Py_ssize_t width = PyList_Size(names);
  if (width < 0) throw PythonError();
  PyObject* by_position = keep(PyObject_GetAttrString(frame, "iloc"));
  for (Py_ssize_t j = 0; j < width; ++j) {
    const Ref key = checked(Py_BuildValue("(Nn)", PySlice_New(nullptr, nullptr, nullptr), j));
    PyObject* column = keep(PyObject_GetItem(by_position, key.get()));
    columns.push_back(view(keep(PyArray_FROM_O(column))));
    rows = columns.back().shape[0];
  }
  set_table(names, std::move(columns), static_cast<std::size_t>(rows));
}

void PythonInput::of_mapping(PyObject* mapping) {
  PyObject* names = keep(PyDict_Keys(mapping));
  PyObject* values = keep(PyDict_Values(mapping));
  std::vector<skops::ArrayView> columns;
  std::int64_t rows = 0;
  for (Py_ssize_t j = 0; j < PyList_GET_SIZE(values); ++j) {
    const skops::ArrayView column = view(keep(PyArray_FROM_O(PyList_GET_ITEM(values, j))));
    if (column.ndim != 1) bad("the columns of a dict must have one dimension");
    if (j > 0 && column.shape[0] != rows) bad("the columns of a dict differ in length");
    rows = column.shape[0];
    columns.push_back(column);
  }
  if (columns.empty()) bad("a table without columns");
  set_table(names, std::move(columns), static_cast<std::size_t>(rows));
}

}  // namespace skops_python
