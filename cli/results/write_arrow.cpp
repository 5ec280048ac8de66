// Arrow's IPC file format. Columns are written one after the other; of a sparse matrix, one dense
// column is in memory at a time.
#include <algorithm>
#include <cstring>
#include <memory>

#include "results/arrow_column.hpp"
#include "results/results.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

using skops::Array;
using skops::Csr;
using skops::Result;

// A sparse matrix by columns: the entries of column j are order[starts[j]] to order[starts[j + 1]].
class SparseColumns {
 public:
  explicit SparseColumns(const Csr& matrix)
      : matrix_(matrix), starts_(matrix.columns + 1), rows_(matrix.data.size()), order_(rows_) {
    const auto indptr = matrix.indptr.as<std::int32_t>();
    const auto indices = matrix.indices.as<std::int32_t>();
    for (const std::int32_t j : indices) ++starts_[static_cast<std::size_t>(j) + 1];
    for (std::size_t j = 0; j < matrix.columns; ++j) starts_[j + 1] += starts_[j];
    std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
    for (std::size_t i = 0; i < matrix.rows; ++i) {
      for (auto k = static_cast<std::size_t>(indptr[i]);
           k < static_cast<std::size_t>(indptr[i + 1]); ++k) {
        const std::size_t at = next[static_cast<std::size_t>(indices[k])]++;
        rows_[at] = i;
        order_[at] = k;
      }
    }
  }

  Array dense(std::size_t j) const {
    const std::size_t size = matrix_.data.dtype().itemsize;
    auto items = std::make_shared<std::vector<char>>(matrix_.rows * size);
    const char* entries = static_cast<const char*>(matrix_.data.data());
    for (std::size_t at = starts_[j]; at < starts_[j + 1]; ++at) {
      std::memcpy(items->data() + rows_[at] * size, entries + order_[at] * size, size);
    }
    return {matrix_.data.dtype(),
            {static_cast<std::int64_t>(matrix_.rows)},
            std::shared_ptr<const void>(items, items->data())};
  }

 private:
  const Csr& matrix_;
  std::vector<std::size_t> starts_, rows_, order_;
};

// The columns of a result; arrays of a list stand side by side.
class Columns {
 public:
  Columns(const Result& result, const std::vector<std::string>& names) : names_(names) {
    add(result);
    if (columns_.empty()) no_table("the result has no columns");
  }

  const std::vector<ArrowColumn>& all() const { return columns_; }
  std::size_t rows() const { return rows_; }

  void write(std::size_t j, OutFile& out) const {
    const Place& place = places_[j];
    if (place.matrix == nullptr) return columns_[j].write(out);
    const Array dense = place.matrix->dense(place.column);
    ArrowColumn({&dense, 0, 1, rows_}, names_[j]).write(out);
  }

 private:
  struct Place {
    const SparseColumns* matrix = nullptr;
    std::size_t column = 0;
  };

  [[noreturn]] static void no_table(const std::string& text) {
    throw skops::Error(skops::Family::unsupported, "output.shape", text, {},
                       "write it as .npy or .npz");
  }

  void add(const Result& result) {
    switch (result.kind) {
      case Result::Kind::list:
      case Result::Kind::tuple:
        for (const Result& item : result.items) add(item);
        return;
      case Result::Kind::csr: {
        set_rows(result.csr.rows);
        const auto& matrix = matrices_.emplace_back(std::make_unique<SparseColumns>(result.csr));
        for (std::size_t j = 0; j < result.csr.columns; ++j) {
          add_column({&result.csr.data, 0, 1, rows_}, {matrix.get(), j});
        }
        return;
      }
      case Result::Kind::array: {
        const auto shape = result.array.shape();
        if (shape.size() > 2) {
          no_table("an array of " + std::to_string(shape.size()) + " dimensions is no table");
        }
        set_rows(shape.empty() ? 1 : static_cast<std::size_t>(shape[0]));
        const std::size_t width = shape.size() < 2 ? 1 : static_cast<std::size_t>(shape[1]);
        for (std::size_t j = 0; j < width; ++j) {
          add_column({&result.array, j, width, rows_}, {nullptr, j});
        }
      }
    }
  }

  void set_rows(std::size_t rows) {
    if (!columns_.empty() && rows != rows_) {
      no_table("the arrays of the result differ in length, so they are no table");
    }
    rows_ = rows;
  }

  void add_column(const ArrowSource& source, const Place& place) {
    columns_.emplace_back(source, names_.at(columns_.size()));
    places_.push_back(place);
  }

  const std::vector<std::string>& names_;
  std::size_t rows_ = 0;
  std::vector<std::unique_ptr<SparseColumns>> matrices_;
  std::vector<ArrowColumn> columns_;
  std::vector<Place> places_;
};

}  // namespace

void write_arrow(const Result& result, const std::vector<std::string>& names, OutFile& out) {
  const Columns columns(result, names);
  const auto rows = static_cast<std::int64_t>(columns.rows());
  std::vector<ArrowOutField> fields;
  std::vector<ArrowOutNode> nodes;
  std::vector<ArrowOutBuffer> buffers;
  std::int64_t body_size = 0;
  for (const ArrowColumn& column : columns.all()) {
    fields.push_back(column.field());
    nodes.push_back({rows, static_cast<std::int64_t>(column.nulls())});
    for (const std::size_t length : column.lengths()) {
      buffers.push_back({body_size, static_cast<std::int64_t>(length)});
      body_size += static_cast<std::int64_t>((length + 7) / 8 * 8);
    }
  }
  const std::string schema = "ARROW1" + std::string(2, '\0') + arrow_schema_message(fields);
  const std::string batch = arrow_batch_message(nodes, buffers, rows, body_size);
  out.write(schema);
  out.write(batch);
  for (std::size_t j = 0; j < fields.size(); ++j) columns.write(j, out);
  out.write(
      arrow_footer(fields, static_cast<std::int64_t>(schema.size()), batch.size(), body_size));
}

}  // namespace skops_cli
