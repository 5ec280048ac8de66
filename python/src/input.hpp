// What Python gives to a method, as skops::Input: NumPy arrays, SciPy sparse matrices, lists of
// texts, pandas data frames, dicts of columns, and whatever speaks the Arrow C stream interface.
//
// Numbers are never copied where NumPy already has them in this machine's byte order; cells of
// objects are read into a table of their own. The objects behind all views are kept until the end
// of the call.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "python.hpp"
#include "skops/array.hpp"

namespace skops_python {

class PythonInput {
 public:
  // Throws PythonError, or skops::Error (input).
  explicit PythonInput(PyObject* x);
  PythonInput(const PythonInput&) = delete;
  PythonInput& operator=(const PythonInput&) = delete;

  const skops::Input& input() const { return *input_; }

 private:
  friend class ArrowReader;

  void of_array(PyArrayObject* array);
  void of_sparse(PyObject* matrix);
  void of_texts(PyObject* sequence);
  void of_frame(PyObject* frame);
  bool of_blocks(PyObject* frame, PyObject* names);
  void of_mapping(PyObject* mapping);
  void of_arrow(PyObject* table);
  void of_anything(PyObject* x);

  // A view of an array of one or two dimensions; converts what has no native form.
  skops::ArrayView view(PyObject* array);
  skops::ArrayView cells(PyArrayObject* array);
  // A column of a data frame as a NumPy array.
  PyObject* column_array(PyObject* values);
  void set_table(PyObject* names, std::vector<skops::ArrayView> columns, std::size_t rows);
  PyObject* keep(PyObject* owned);

  std::optional<skops::Input> input_;
  std::vector<Ref> kept_;
  std::deque<std::vector<skops::Cell>> cells_;
  std::deque<std::vector<char>> buffers_;
  std::vector<std::string_view> texts_;
  std::vector<skops::ColumnView> columns_;
};

}  // namespace skops_python
