#include "json_array.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

namespace skops_test {
namespace {

using boost::json::object;
using boost::json::value;
using skops::Cell;

double number(const value& v) {
  if (v.is_string()) {
    const auto& s = v.as_string();
    if (s == "nan") return std::nan("");
    const double inf = std::numeric_limits<double>::infinity();
    if (s == "inf") return inf;
    if (s == "-inf") return -inf;
    throw std::runtime_error("not a number: " + std::string(s));
  }
  if (v.is_bool()) return v.as_bool();
  return v.to_number<double>();
}

template <class T>
void put(std::vector<char>& out, T item) {
  const auto* bytes = reinterpret_cast<const char*>(&item);
  out.insert(out.end(), bytes, bytes + sizeof item);
}

skops::Dtype parse_dtype(std::string_view name) {
  if (name == "float64") return {'f', 8};
  if (name == "float32") return {'f', 4};
  if (name == "int64") return {'i', 8};
  if (name == "int32") return {'i', 4};
  if (name == "int8") return {'i', 1};
  if (name == "uint8") return {'u', 1};
  if (name == "bool") return {'b', 1};
  if (name == "object" || name == "category") return {'O', sizeof(Cell)};
  if (name.starts_with("<")) name.remove_prefix(1);
  if (name.starts_with("U")) {
    return {'U', static_cast<std::uint32_t>(4 * std::stoul(std::string(name.substr(1))))};
  }
  throw std::runtime_error("unknown dtype " + std::string(name));
}

// UTF-8 to code points.
std::vector<std::uint32_t> decode(std::string_view text) {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t n = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    std::uint32_t point = n == 1 ? lead : lead & (0x7fu >> n);
    for (std::size_t k = 1; k < n; ++k) {
      point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3fu);
    }
    out.push_back(point);
    i += n;
  }
  return out;
}

std::vector<std::int64_t> shape_of(const object& json) {
  std::vector<std::int64_t> out;
  for (const value& v : json.at("shape").as_array()) out.push_back(v.to_number<std::int64_t>());
  return out;
}

std::string text_of(const std::vector<std::int64_t>& shape) {
  std::string out = "(";
  for (const auto extent : shape) out += std::to_string(extent) + ",";
  return out + ")";
}

std::string array_difference(const skops::Array& array, std::string_view dtype_name,
                             const std::vector<std::int64_t>& shape, const boost::json::array& data,
                             double rtol, double atol) {
  const skops::Dtype dtype = parse_dtype(dtype_name);
  if (!(array.dtype() == dtype)) {
    return "dtype " + array.dtype().name() + " instead of " + dtype.name();
  }
  const std::vector<std::int64_t> own(array.shape().begin(), array.shape().end());
  if (own != shape) return "shape " + text_of(own) + " instead of " + text_of(shape);
  for (std::size_t k = 0; k < data.size(); ++k) {
    const std::string where = "element " + std::to_string(k) + ": ";
    if (dtype.kind == 'U') {
      if (array.text(k) != std::string_view(data[k].as_string())) {
        return where + array.text(k) + " instead of " + std::string(data[k].as_string());
      }
      continue;
    }
    if (dtype.kind == 'O') {
      const Cell& cell = static_cast<const Cell*>(array.data())[k];
      bool same = false;
      if (data[k].is_null()) {
        same = cell.kind == Cell::Kind::none;
      } else if (data[k].is_string() && cell.kind == Cell::Kind::string) {
        same = cell.text() == std::string_view(data[k].as_string());
      } else if (data[k].is_string()) {
        same = cell.kind == Cell::Kind::real && std::isnan(cell.as.real) &&
               data[k].as_string() == "nan";
      } else if (data[k].is_bool()) {
        same = cell.kind == Cell::Kind::boolean && (cell.as.integer != 0) == data[k].as_bool();
      } else {
        same = array.number(k) == number(data[k]);
      }
      if (!same) return where + "another object than " + boost::json::serialize(data[k]);
      continue;
    }
    const double expected = number(data[k]), got = array.number(k);
    const bool both_nan = std::isnan(expected) && std::isnan(got);
    const bool exact = dtype.kind != 'f' || std::isinf(expected);
    const bool near =
        exact ? got == expected : std::abs(got - expected) <= rtol * std::abs(expected) + atol;
    if (!both_nan && !near) {
      char line[120];
      std::snprintf(line, sizeof line, "%.17g instead of %.17g", got, expected);
      return where + line;
    }
  }
  return {};
}

}  // namespace

skops::ArrayView JsonInput::array(std::string_view dtype_name, const boost::json::array& data,
                                  const std::vector<std::int64_t>& shape) {
  skops::ArrayView view;
  view.dtype = parse_dtype(dtype_name);
  auto& bytes = buffers_.emplace_back();
  for (const value& v : data) {
    switch (view.dtype.kind) {
      case 'f':
        view.dtype.itemsize == 8 ? put(bytes, number(v))
                                 : put(bytes, static_cast<float>(number(v)));
        break;
      case 'b': put(bytes, static_cast<std::uint8_t>(number(v) != 0)); break;
      case 'i':
      case 'u':
        if (view.dtype.itemsize == 8) {
          put(bytes, v.to_number<std::int64_t>());
        } else if (view.dtype.itemsize == 4) {
          put(bytes, v.to_number<std::int32_t>());
        } else {
          put(bytes, static_cast<std::int8_t>(v.to_number<std::int64_t>()));
        }
        break;
      case 'U': {
        auto points = decode(v.as_string());
        points.resize(view.dtype.itemsize / 4);
        for (const std::uint32_t point : points) put(bytes, point);
        break;
      }
      default:
        if (v.is_null()) {
          put(bytes, Cell{});
        } else if (v.is_string() && v.as_string() == "nan") {
          put(bytes, Cell::of(std::nan("")));
        } else if (v.is_string()) {
          put(bytes, Cell::of(std::string_view(texts_.emplace_back(v.as_string()))));
        } else if (v.is_bool()) {
          put(bytes, Cell::of(v.as_bool()));
        } else if (v.is_int64()) {
          put(bytes, Cell::of(v.as_int64()));
        } else {
          put(bytes, Cell::of(v.to_number<double>()));
        }
    }
  }
  view.data = bytes.data();
  view.ndim = static_cast<std::uint32_t>(shape.size());
  std::int64_t stride = view.dtype.itemsize;
  for (std::size_t k = shape.size(); k-- > 0;) {
    view.shape[k] = shape[k];
    view.strides[k] = stride;
    stride *= shape[k];
  }
  return view;
}

JsonInput::JsonInput(const object& json) {
  const std::string_view kind = json.at("kind").as_string();
  const auto flat = [](const boost::json::array& a) {
    return std::vector<std::int64_t>{static_cast<std::int64_t>(a.size())};
  };
  if (kind == "text") {
    for (const value& v : json.at("data").as_array()) texts_.emplace_back(v.as_string());
    documents_.assign(texts_.begin(), texts_.end());
    input_ = std::make_unique<skops::Input>(std::span<const std::string_view>(documents_));
  } else if (kind == "table") {
    std::size_t rows = 0;
    for (const value& v : json.at("columns").as_array()) {
      const object& column = v.as_object();
      const auto& data = column.at("data").as_array();
      rows = data.size();
      columns_.push_back({texts_.emplace_back(column.at("name").as_string()),
                          array(column.at("dtype").as_string(), data, flat(data))});
    }
    input_ = std::make_unique<skops::Input>(std::span<const skops::ColumnView>(columns_), rows);
  } else if (kind == "csr") {
    const auto shape = shape_of(json);
    const auto part = [&](const char* key, std::string_view dtype) {
      const auto& data = json.at(key).as_array();
      return array(dtype, data, flat(data));
    };
    skops::CsrView csr;
    csr.rows = static_cast<std::size_t>(shape.at(0));
    csr.columns = static_cast<std::size_t>(shape.at(1));
    csr.data = part("data", json.at("dtype").as_string());
    csr.indices = part("indices", "int32");
    csr.indptr = part("indptr", "int32");
    input_ = std::make_unique<skops::Input>(csr);
  } else {
    input_ = std::make_unique<skops::Input>(
        array(json.at("dtype").as_string(), json.at("data").as_array(), shape_of(json)));
  }
}

std::string difference(const skops::Result& result, const object& expected, double rtol,
                       double atol) {
  using Kind = skops::Result::Kind;
  const std::string_view kind = expected.at("kind").as_string();
  if (kind == "list" || kind == "tuple") {
    if (result.kind != (kind == "list" ? Kind::list : Kind::tuple)) {
      return "not a " + std::string(kind);
    }
    const auto& items = expected.at("items").as_array();
    if (items.size() != result.items.size()) {
      return std::to_string(result.items.size()) + " items instead of " +
             std::to_string(items.size());
    }
    for (std::size_t k = 0; k < items.size(); ++k) {
      const auto d = difference(result.items[k], items[k].as_object(), rtol, atol);
      if (!d.empty()) return "item " + std::to_string(k) + ": " + d;
    }
    return {};
  }
  const auto shape = shape_of(expected);
  const std::string_view dtype = expected.at("dtype").as_string();
  const auto& data = expected.at("data").as_array();
  if (kind == "dense") {
    if (result.kind != Kind::array) return "not a dense array";
    return array_difference(result.array, dtype, shape, data, rtol, atol);
  }
  if (result.kind != Kind::csr) return "not a sparse matrix";
  const std::vector<std::int64_t> own = {static_cast<std::int64_t>(result.csr.rows),
                                         static_cast<std::int64_t>(result.csr.columns)};
  if (own != shape) return "shape " + text_of(own) + " instead of " + text_of(shape);
  // The order of entries within a row means nothing: both sides are compared by column.
  const auto& indptr = expected.at("indptr").as_array();
  auto d = array_difference(result.csr.indptr, "int32", {static_cast<std::int64_t>(indptr.size())},
                            indptr, rtol, atol);
  if (!d.empty()) return "indptr: " + d;
  boost::json::array indices = expected.at("indices").as_array();
  if (result.csr.indices.size() != indices.size()) return "another number of entries";
  const auto columns = result.csr.indices.as<std::int32_t>();
  const auto order = [&](std::size_t row, auto column_of) {
    const auto from = static_cast<std::size_t>(indptr[row].as_int64());
    std::vector<std::size_t> out(static_cast<std::size_t>(indptr[row + 1].as_int64()) - from);
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = from + k;
    std::stable_sort(out.begin(), out.end(),
                     [&](std::size_t a, std::size_t b) { return column_of(a) < column_of(b); });
    return out;
  };
  boost::json::array sorted(expected.at("data").as_array().size());
  for (std::size_t row = 0; row + 1 < indptr.size(); ++row) {
    const auto own = order(row, [&](std::size_t k) { return std::int64_t{columns[k]}; });
    const auto theirs = order(row, [&](std::size_t k) { return indices[k].as_int64(); });
    for (std::size_t k = 0; k < own.size(); ++k) {
      if (columns[own[k]] != indices[theirs[k]].as_int64()) {
        return "row " + std::to_string(row) + ": column " + std::to_string(columns[own[k]]) +
               " instead of " + std::to_string(indices[theirs[k]].as_int64());
      }
      sorted[own[k]] = data[theirs[k]];
    }
  }
  d = array_difference(result.csr.data, dtype, {static_cast<std::int64_t>(sorted.size())}, sorted,
                       rtol, atol);
  return d.empty() ? d : "data: " + d;
}

}  // namespace skops_test
