// Arrays of the test data: JSON of the form that tests/data/generate.py writes, to inputs and to
// comparisons.
//
//   {"kind": "dense", "dtype": "float64", "shape": [2, 1], "data": [1.5, "nan"]}
//   {"kind": "csr", "dtype", "shape", "data", "indices", "indptr"}
//   {"kind": "text", "data": ["a document", …]}
//   {"kind": "table", "columns": [{"name": "age", "dtype": "float64", "data": […]}]}
//   {"kind": "list" or "tuple", "items": […]}
#pragma once

#include <boost/json.hpp>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "skops/array.hpp"

namespace skops_test {

// Owns everything that its input points to.
class JsonInput {
 public:
  explicit JsonInput(const boost::json::object& json);
  JsonInput(const JsonInput&) = delete;
  JsonInput& operator=(const JsonInput&) = delete;
  const skops::Input& input() const { return *input_; }

 private:
  skops::ArrayView array(std::string_view dtype, const boost::json::array& data,
                         const std::vector<std::int64_t>& shape);

  std::deque<std::vector<char>> buffers_;
  std::deque<std::string> texts_;
  std::vector<std::string_view> documents_;
  std::vector<skops::ColumnView> columns_;
  std::unique_ptr<skops::Input> input_;
};

// "" where the result is as expected, otherwise what differs. Floats may differ by
// rtol * |expected| + atol; dtypes, shapes, integers and texts must be equal.
std::string difference(const skops::Result& result, const boost::json::object& expected,
                       double rtol, double atol);

}  // namespace skops_test
