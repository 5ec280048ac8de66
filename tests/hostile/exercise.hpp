// Everything that a host can do with a file, done to one that nobody trusts: open, audit, show,
// load, every attribute, every method with inputs of several kinds.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "skops/show.hpp"
#include "skops/skops.hpp"

namespace skops_test {

// Data for the methods: documents, or rows of numbers.
struct Rows {
  std::vector<std::string> documents;
  std::vector<double> numbers;
  std::size_t rows = 0, columns = 0;
};

// Reads a .npy that numpy.save made of float64 rows, or a .txt with a document a line.
Rows read_rows(const std::string& path);

// The rows as every kind of input. Owns what the views point to, but for the rows.
class Inputs {
 public:
  explicit Inputs(const Rows& rows);
  Inputs(const Inputs&) = delete;
  Inputs& operator=(const Inputs&) = delete;
  const std::vector<skops::Input>& all() const { return inputs_; }

 private:
  std::vector<std::string_view> documents_;
  std::vector<float> floats_;
  std::vector<std::int64_t> labels_, integers_;
  std::vector<double> data_, special_;
  std::vector<skops::Cell> cells_;
  std::vector<char32_t> points_;
  std::vector<std::int32_t> indices_, indptr_;
  std::vector<std::string> names_;
  std::vector<skops::ColumnView> table_;
  std::vector<skops::Input> inputs_;
};

struct Outcome {
  bool opened = false, loaded = false;  // `loaded`: and its methods are available
  unsigned methods = 0, answered = 0;   // calls made, and calls that gave a result
  std::string wrong;                    // what a file must never cause; empty otherwise
};

// Errors of the families malformed, limit, unsupported, untrusted and input are how hostile files
// should end. An error of family plugin (a broken rule of the ABI) or usage is wrong.
Outcome exercise(const skops::Host& host, const skops::File& file,
                 std::span<const skops::Input> inputs);

}  // namespace skops_test
