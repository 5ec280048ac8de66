// A method's result as Python objects: NumPy arrays filled in place, SciPy CSR matrices, lists and
// tuples of these.
#pragma once

#include <memory>
#include <vector>

#include "python.hpp"
#include "skops/model.hpp"

namespace skops_python {

// The GIL must be held, or (with `released`) is taken for every allocation.
class PythonSink final : public skops::Sink {
 public:
  // `sparse_array`: sparse results are SciPy's arrays, not its matrices.
  PythonSink(bool released, bool sparse_array) : released_(released), sparse_array_(sparse_array) {}

  void* array(skops::Dtype dtype, std::span<const std::int64_t> shape) override;
  CsrMemory csr(skops::Dtype dtype, std::size_t rows, std::size_t columns,
                std::size_t nnz) override;
  void begin(bool tuple) override;
  void end() override;
  void* bytes(std::size_t size) override;

  // The result; throws PythonError. Needs the GIL.
  PyObject* take();

 private:
  struct Item {
    Ref object;                      // array, or (data, indices, indptr)
    std::vector<skops::Cell> cells;  // of an object array, converted at the end
    bool sparse = false, group = false, tuple = false;
    std::size_t rows = 0, columns = 0;
    std::size_t children = 0;  // of a group, which follow it
  };
  PyObject* finish(std::size_t& at);

  bool released_, sparse_array_;
  std::vector<Item> items_;
  std::vector<std::size_t> open_;
  std::vector<std::unique_ptr<char[]>> texts_;
};

// A NumPy dtype as a new reference.
PyArray_Descr* numpy_dtype(skops::Dtype dtype);
// A cell as a new Python object.
PyObject* from_cell(const skops::Cell& cell);
// A CSR matrix (or array) of SciPy; (data, indices, indptr, shape) where SciPy is not installed.
// Steals parts.
PyObject* make_csr(PyObject* data, PyObject* indices, PyObject* indptr, std::size_t rows,
                   std::size_t columns, bool array = false);

}  // namespace skops_python
