// CSV and plain lines.
#include <algorithm>

#include "results/item_text.hpp"
#include "results/results.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

using skops::Result;

// Something with rows: an array of one or two dimensions, or a sparse matrix.
class Block {
 public:
  explicit Block(const Result& result) : result_(result) {
    if (result.kind == Result::Kind::csr) {
      rows_ = result.csr.rows;
      columns_ = result.csr.columns;
      entry_of_.assign(columns_, -1);
      // Whatever has no entry is a zero of the matrix's dtype.
      zero_ = result.csr.data.dtype().kind == 'f'   ? "0.0"
              : result.csr.data.dtype().kind == 'b' ? "False"
                                                    : "0";
      return;
    }
    const auto shape = result.array.shape();
    if (shape.size() > 2) {
      throw skops::Error(skops::Family::unsupported, "output.shape",
                         "an array of " + std::to_string(shape.size()) + " dimensions is no table",
                         {}, "write it as .npy");
    }
    rows_ = shape.empty() ? 1 : static_cast<std::size_t>(shape[0]);
    columns_ = shape.size() < 2 ? 1 : static_cast<std::size_t>(shape[1]);
  }
  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }

  // f(append) for each cell of row i, where append(out) adds its text and says whether it is one.
  template <class F>
  void row(std::size_t i, F&& f) {
    if (result_.kind == Result::Kind::array) {
      for (std::size_t j = 0; j < columns_; ++j) {
        f([&](std::string& out) {
          return append_item(out, result_.array, i * columns_ + j, TextStyle::csv);
        });
      }
      return;
    }
    const auto indptr = result_.csr.indptr.as<std::int32_t>();
    const auto indices = result_.csr.indices.as<std::int32_t>();
    for (auto k = indptr[i]; k < indptr[i + 1]; ++k) {
      entry_of_[static_cast<std::size_t>(indices[static_cast<std::size_t>(k)])] = k;
    }
    for (std::size_t j = 0; j < columns_; ++j) {
      f([&](std::string& out) {
        if (entry_of_[j] >= 0) {
          return append_item(out, result_.csr.data, static_cast<std::size_t>(entry_of_[j]),
                             TextStyle::csv);
        }
        out += zero_;
        return false;
      });
    }
    for (auto k = indptr[i]; k < indptr[i + 1]; ++k) {
      entry_of_[static_cast<std::size_t>(indices[static_cast<std::size_t>(k)])] = -1;
    }
  }

 private:
  const Result& result_;
  std::size_t rows_ = 0, columns_ = 0;
  std::vector<std::int64_t> entry_of_;  // of the row at hand, by column
  std::string zero_;
};

void add_blocks(const Result& result, std::vector<Block>& blocks) {
  if (result.kind == Result::Kind::array || result.kind == Result::Kind::csr) {
    blocks.emplace_back(result);
    if (blocks.back().rows() != blocks.front().rows()) {
      throw skops::Error(skops::Family::unsupported, "output.shape",
                         "the arrays of the result differ in length, so they are no table", {},
                         "write them as .npz");
    }
    return;
  }
  for (const Result& item : result.items) add_blocks(item, blocks);
}

std::vector<Block> blocks_of(const Result& result) {
  std::vector<Block> blocks;
  add_blocks(result, blocks);
  if (blocks.empty()) {
    throw skops::Error(skops::Family::unsupported, "output.shape", "the result is an empty list");
  }
  return blocks;
}

// Puts what stands behind `start` in quotes where a reader would take it for something else.
void quote(std::string& line, std::size_t start) {
  const std::string_view text = std::string_view(line).substr(start);
  if (!text.empty() && text.find_first_of(",\"\n\r") == text.npos) return;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  line.replace(start, line.npos, quoted + '"');
}

}  // namespace

void write_csv(const Result& result, const std::vector<std::string>& names, OutFile& out) {
  std::vector<Block> blocks = blocks_of(result);
  std::string line;
  for (const std::string& name : names) {
    if (!line.empty()) line += ',';
    const std::size_t start = line.size();
    line += name;
    quote(line, start);
  }
  line += '\n';
  out.write(line);
  for (std::size_t i = 0; i < blocks.front().rows(); ++i) {
    line.clear();
    bool first = true;
    for (Block& block : blocks) {
      block.row(i, [&](auto append) {
        if (!first) line += ',';
        first = false;
        const std::size_t start = line.size();
        if (append(line)) quote(line, start);
      });
    }
    line += '\n';
    out.write(line);
  }
}

void write_txt(const Result& result, OutFile& out) {
  std::vector<Block> blocks = blocks_of(result);
  if (blocks.size() != 1 || blocks.front().columns() != 1) {
    throw skops::Error(skops::Family::unsupported, "output.shape",
                       "the result has more than one column, and .txt holds one value a line", {},
                       "write it as .csv or .npy");
  }
  std::string line;
  for (std::size_t i = 0; i < blocks.front().rows(); ++i) {
    line.clear();
    blocks.front().row(i, [&](auto append) { append(line); });
    if (line.find_first_of("\n\r") != line.npos) {
      throw skops::Error(skops::Family::unsupported, "output.shape",
                         "a text of the result holds a line break", {}, "write it as .csv");
    }
    line += '\n';
    out.write(line);
  }
}

}  // namespace skops_cli
