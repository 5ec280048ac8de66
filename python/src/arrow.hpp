// Tables that speak the Arrow C stream interface (arrow.apache.org/docs/format/CStreamInterface and
// CDataInterface): pyarrow, polars, DuckDB and others, without any of them.
//
// A stream gives chunks of a struct array, one child a column, or chunks of one plain array.
// Numbers, bools, texts (utf8, large_utf8, utf8_view), nulls and dictionaries of texts are read,
// everything else is refused by name. A column of numbers in one chunk without nulls is not copied.
// The producer is trusted as much as any Python object of the process; lengths and offsets are
// checked all the same.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "python.hpp"
#include "skops/array.hpp"

namespace skops_python {

class ArrowTable {
 public:
  // Reads the whole stream of a capsule named "arrow_array_stream". Throws PythonError, or
  // skops::Error (input).
  explicit ArrowTable(PyObject* capsule);
  // Takes what a pair of capsules holds, "arrow_schema" and "arrow_array".
  ArrowTable(PyObject* schema, PyObject* array);
  ~ArrowTable();
  ArrowTable(const ArrowTable&) = delete;
  ArrowTable& operator=(const ArrowTable&) = delete;

  bool is_table() const;  // and not one plain array, which counts as one column
  std::size_t columns() const;
  std::size_t rows() const { return rows_; }
  std::string_view name(std::size_t j) const;
  // Lives as long as this; called once for each column. Nulls in integers make float64 with NaN, as
  // in pandas; nulls in bools and texts are cells of None.
  skops::ArrayView column(std::size_t j);

 private:
  struct State;
  void check_schema() const;
  void check_chunk() const;

  std::unique_ptr<State> state_;
  std::size_t rows_ = 0;
};

}  // namespace skops_python
