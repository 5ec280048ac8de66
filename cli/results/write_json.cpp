#include "json_text.hpp"
#include "results/item_text.hpp"
#include "results/results.hpp"

namespace skops_cli {
namespace {

using skops::Array;
using skops::Result;

template <class List>
void numbers(const List& list, std::string& out) {
  out += '[';
  bool first = true;
  for (const auto value : list) {
    if (!first) out += ", ";
    first = false;
    out += std::to_string(value);
  }
  out += ']';
}

// Nested lists, the last axis innermost.
void items(const Array& array, std::size_t axis, std::size_t& k, std::string& out) {
  const auto shape = array.shape();
  if (axis == shape.size()) {
    append_item(out, array, k++, TextStyle::json);
    return;
  }
  out += '[';
  for (std::int64_t i = 0; i < shape[axis]; ++i) {
    if (i > 0) out += axis == 0 && shape.size() > 1 ? ",\n " : ", ";
    items(array, axis + 1, k, out);
  }
  out += ']';
}

}  // namespace

void write_json(const Result& result, bool with_data, std::string& out) {
  switch (result.kind) {
    case Result::Kind::array:
      out += "{\"kind\": \"array\", \"dtype\": " + json_string(result.array.dtype().name()) +
             ", \"shape\": ";
      numbers(result.array.shape(), out);
      if (with_data) {
        out += ", \"data\": ";
        std::size_t k = 0;
        items(result.array, 0, k, out);
      }
      break;
    case Result::Kind::csr:
      out += "{\"kind\": \"csr\", \"dtype\": " + json_string(result.csr.data.dtype().name()) +
             ", \"shape\": ";
      numbers(std::vector<std::size_t>{result.csr.rows, result.csr.columns}, out);
      if (with_data) {
        std::size_t k = 0;
        out += ", \"data\": ";
        items(result.csr.data, 0, k, out);
        out += ", \"indices\": ";
        numbers(result.csr.indices.as<std::int32_t>(), out);
        out += ", \"indptr\": ";
        numbers(result.csr.indptr.as<std::int32_t>(), out);
      }
      break;
    case Result::Kind::list:
    case Result::Kind::tuple:
      out += result.kind == Result::Kind::list ? "{\"kind\": \"list\", \"items\": ["
                                               : "{\"kind\": \"tuple\", \"items\": [";
      for (std::size_t k = 0; k < result.items.size(); ++k) {
        if (k > 0) out += ",\n ";
        write_json(result.items[k], with_data, out);
      }
      out += ']';
      break;
  }
  out += '}';
}

}  // namespace skops_cli
