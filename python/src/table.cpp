// Data frames and dicts of columns.
#include <cstring>

#include "input.hpp"
#include "skops/error.hpp"

namespace skops_python {
namespace {

[[noreturn]] void bad(std::string text, std::string remedy = {}) {
  throw skops::Error(skops::Family::input, "input.table", std::move(text), {}, std::move(remedy));
}

// The names of `items`, a list, as scikit-learn takes them: all of them texts, or none.
void read_names(PyObject* items, std::vector<std::string_view>& out) {
  const Py_ssize_t n = PyList_GET_SIZE(items);
  Py_ssize_t texts = 0;
  for (Py_ssize_t k = 0; k < n; ++k) texts += PyUnicode_Check(PyList_GET_ITEM(items, k)) ? 1 : 0;
  if (texts == 0) return;
  if (texts != n) {
    bad("Feature names are only supported if all input features have string names",
        "convert them: X.columns = X.columns.astype(str)");
  }
  out.reserve(static_cast<std::size_t>(n));
  for (Py_ssize_t k = 0; k < n; ++k) out.push_back(utf8(PyList_GET_ITEM(items, k)));
}

std::shared_ptr<const ColumnNames> names_of_index(PyObject* index, PyObject* items) {
  auto out = std::make_shared<ColumnNames>();
  out->index = Ref::borrow(index);
  for (Py_ssize_t k = 0; k < PyList_GET_SIZE(items); ++k) {
    out->kept.push_back(Ref::borrow(PyList_GET_ITEM(items, k)));
  }
  read_names(items, out->texts);
  return out;
}

}  // namespace

// pandas keeps columns of one dtype in blocks of shape (columns, rows); reading these costs a
// hundredth of reading column by column. Anything unexpected: false, and the public way is taken.
bool PythonInput::of_blocks(PyObject* frame, std::size_t width) {
  const auto is_sparse = [](PyObject* values) {
    return std::strstr(Py_TYPE(values)->tp_name, "SparseArray") != nullptr;
  };
  const Ref manager = attribute(frame, names.manager);
  const Ref blocks = manager ? attribute(manager.get(), names.blocks) : Ref();
  if (!blocks || !PyTuple_Check(blocks.get())) return false;
  columns_.assign(width, {});
  std::size_t filled = 0, sparse = 0;
  std::int64_t rows = -1;
  for (Py_ssize_t b = 0; b < PyTuple_GET_SIZE(blocks.get()); ++b) {
    PyObject* block = PyTuple_GET_ITEM(blocks.get(), b);
    const Ref values = attribute(block, names.values),
              locations = attribute(block, names.locations);
    const Ref positions = locations ? attribute(locations.get(), names.as_array) : Ref();
    if (!values || !positions || !PyArray_Check(positions.get())) return false;
    const Ref at(PyArray_FROM_OTF(positions.get(), NPY_INT64, NPY_ARRAY_CARRAY_RO));
    if (!at) {
      PyErr_Clear();
      return false;
    }
    auto* at_array = reinterpret_cast<PyArrayObject*>(at.get());
    const auto* index = static_cast<const std::int64_t*>(PyArray_DATA(at_array));
    const npy_intp count = PyArray_SIZE(at_array);
    sparse += is_sparse(values.get()) ? 1 : 0;
    // Extension arrays: numbers where they are numbers, objects otherwise.
    PyObject* array = as_array(values.get());
    const int ndim = PyArray_NDIM(reinterpret_cast<PyArrayObject*>(array));
    if (ndim != 1 && ndim != 2) return false;
    const skops::ArrayView all = view(array);
    if (ndim == 2 ? all.shape[0] != count : count != 1) return false;
    for (npy_intp k = 0; k < count; ++k) {
      if (index[k] < 0 || static_cast<std::size_t>(index[k]) >= width) return false;
      skops::ArrayView& column = columns_[static_cast<std::size_t>(index[k])].values;
      filled += column.ndim == 2 ? 1 : 0;  // as views begin
      column = all;
      if (ndim == 2) {
        column.ndim = 1;
        column.data = static_cast<const char*>(all.data) + k * all.strides[0];
        column.shape[0] = all.shape[1];
        column.strides[0] = all.strides[1];
      }
      if (rows >= 0 && column.shape[0] != rows) return false;
      rows = column.shape[0];
    }
  }
  if (filled != width || rows < 0) return false;
  if (sparse == width) {  // as scikit-learn has it: all columns sparse, then a sparse matrix
    PyObject* accessor = keep(checked(PyObject_GetAttrString(frame, "sparse")).release());
    of_sparse(keep(checked(PyObject_CallMethod(accessor, "to_coo", nullptr)).release()));
    return true;
  }
  input_.emplace(std::span<const skops::ColumnView>(columns_), static_cast<std::size_t>(rows));
  return true;
}

void PythonInput::of_positions(PyObject* frame, std::size_t width) {
  columns_.assign(width, {});
  std::int64_t rows = 0;
  PyObject* by_position = keep(PyObject_GetAttr(frame, names.iloc));
  for (std::size_t j = 0; j < width; ++j) {
    const Ref all = checked(PySlice_New(nullptr, nullptr, nullptr));
    const Ref key = checked(Py_BuildValue("(On)", all.get(), static_cast<Py_ssize_t>(j)));
    const Ref column = checked(PyObject_GetItem(by_position, key.get()));
    columns_[j].values = view(as_array(column.get()));
    if (columns_[j].values.ndim != 1) bad("a column of the data frame has two dimensions");
    rows = columns_[j].values.shape[0];
  }
  if (width == 0) {
    const Py_ssize_t n = PyObject_Length(frame);
    if (n < 0) throw PythonError();
    rows = n;
  }
  input_.emplace(std::span<const skops::ColumnView>(columns_), static_cast<std::size_t>(rows));
}

void PythonInput::of_frame(PyObject* frame, std::shared_ptr<const ColumnNames>* last) {
  const Ref index = checked(PyObject_GetAttr(frame, names.columns));
  if (last != nullptr && *last && (*last)->index.get() == index.get()) {
    names_ = *last;
  } else {
    const Ref items = checked(PyObject_CallMethodNoArgs(index.get(), names.tolist));
    if (!PyList_Check(items.get())) bad("the columns of the data frame are no list");
    names_ = names_of_index(index.get(), items.get());
    if (last != nullptr) *last = names_;
  }
  const std::size_t width = names_->kept.size();
  if (!of_blocks(frame, width)) of_positions(frame, width);
  if (input_->kind != skops::Input::Kind::table) return;
  for (std::size_t j = 0; j < names_->texts.size(); ++j) columns_[j].name = names_->texts[j];
}

void PythonInput::of_mapping(PyObject* mapping) {
  PyObject* keys = keep(PyDict_Keys(mapping));
  PyObject* values = keep(PyDict_Values(mapping));
  const Py_ssize_t n = PyList_GET_SIZE(values);
  if (n == 0) bad("a table without columns");
  read_names(keys, texts_);
  columns_.resize(static_cast<std::size_t>(n));
  std::int64_t rows = 0;
  for (Py_ssize_t j = 0; j < n; ++j) {
    skops::ColumnView& column = columns_[static_cast<std::size_t>(j)];
    PyObject* array = as_array(PyList_GET_ITEM(values, j));
    if (PyArray_NDIM(reinterpret_cast<PyArrayObject*>(array)) != 1) {
      bad("the columns of a dict must have one dimension");
    }
    column.values = view(array);
    if (j > 0 && column.values.shape[0] != rows) bad("the columns of a dict differ in length");
    rows = column.values.shape[0];
    if (!texts_.empty()) column.name = texts_[static_cast<std::size_t>(j)];
  }
  input_.emplace(std::span<const skops::ColumnView>(columns_), static_cast<std::size_t>(rows));
}

}  // namespace skops_python
