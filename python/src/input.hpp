// What Python gives to a method, as skops::Input: NumPy arrays, SciPy sparse matrices, lists of
// texts, pandas data frames, dicts of columns, and whatever speaks the Arrow C stream interface.
//
// Numbers are never copied where NumPy or Arrow already has them in this machine's byte order;
// cells of objects are read into a table of their own. Everything that a view points to is kept
// until the end of the call, also texts of lists that another thread may empty while the GIL is
// released.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "python.hpp"
#include "skops/array.hpp"

namespace skops_python {

class ArrowTable;

// The column names of a pandas Index, which never changes: read once, used for as many frames as
// share the index.
struct ColumnNames {
  Ref index;
  std::vector<Ref> kept;
  std::vector<std::string_view> texts;  // empty where the frame has no names
};

class PythonInput {
 public:
  // Throws PythonError, or skops::Error (input). `names` remembers the last frame's names.
  explicit PythonInput(PyObject* x, std::shared_ptr<const ColumnNames>* names = nullptr);
  ~PythonInput();
  PythonInput(const PythonInput&) = delete;
  PythonInput& operator=(const PythonInput&) = delete;

  const skops::Input& input() const { return *input_; }
  // Whether a SciPy sparse *array* (and no matrix) was given: scikit-learn answers in kind.
  bool sparse_array() const { return sparse_array_; }

 private:
  void of_array(PyArrayObject* array);
  void of_sequence(PyObject* sequence);
  void of_sparse(PyObject* matrix);
  void of_anything(PyObject* x);
  void of_frame(PyObject* frame, std::shared_ptr<const ColumnNames>* names);
  bool of_blocks(PyObject* frame, std::size_t width);
  void of_positions(PyObject* frame, std::size_t width);
  void of_mapping(PyObject* mapping);
  void of_arrow(PyObject* table);

  // A view of an array of one or two dimensions; converts what has no native form.
  skops::ArrayView view(PyObject* array);
  skops::ArrayView cells(PyArrayObject* array);
  // Whatever NumPy makes of an object, kept.
  PyObject* as_array(PyObject* x);
  PyObject* keep(PyObject* owned);

  std::optional<skops::Input> input_;
  std::vector<Ref> kept_;
  std::vector<std::vector<skops::Cell>> cells_;
  std::vector<std::string_view> texts_;
  std::vector<skops::ColumnView> columns_;
  std::shared_ptr<const ColumnNames> names_;
  std::unique_ptr<ArrowTable> arrow_;
  bool sparse_array_ = false;
};

// Names of attributes as interned strings, made once by the module.
struct Names {
  PyObject *array, *array_interface, *array_struct, *arrow_array, *arrow_stream, *as_array, *blocks,
      *columns, *data, *format, *iloc, *indices, *indptr, *locations, *manager, *shape, *tocsr,
      *tolist, *values;
};
extern Names names;
void intern_names();

// UTF-8 of a str, living as long as it. Throws skops::Error (input) for lone surrogates.
std::string_view utf8(PyObject* text);

}  // namespace skops_python
