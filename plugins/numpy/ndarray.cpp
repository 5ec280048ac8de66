#include "ndarray.hpp"

#include <cstring>
#include <limits>

#include "skops/sdk/npy.hpp"

namespace skops_numpy {
namespace {

using namespace skops::sdk;

// Booleans other than 0 and 1 are undefined behaviour for whoever reads them as bool.
void check_bools(const Npy& npy) {
  unsigned char all = 0;
  for (std::size_t k = 0; k < npy.size; ++k) all |= static_cast<unsigned char>(npy.data[k]);
  require(all <= 1, "an array of bools holds bytes other than 0 and 1");
}

// NumPy writes code points; whoever decodes them must not meet others.
void check_texts(const char* data, std::size_t points) {
  bool good = true;
  for (std::size_t k = 0; k < points; ++k) good &= load_as<std::uint32_t>(data + 4 * k) <= 0x10ffff;
  require(good, "an array of texts holds what is no Unicode code point");
}

void check_fields(const Npy& npy) {
  for (const NpyField& field : npy.fields) {
    require(field.dtype.kind != 'V' && field.dtype.kind != 'O', "a record holds a nested record");
  }
}

bool is_ndarray(std::string_view name) {
  return name == "ndarray" || name == "memmap";
}

// A NumPy scalar type fits the dtype of its array.
bool scalar_fits(std::string_view name, const skops_dtype& dtype) {
  const auto sized = [&](std::string_view stem, std::uint32_t kind) {
    return dtype.kind == kind && name.starts_with(stem) &&
           name.substr(stem.size()) == std::to_string(dtype.itemsize * 8);
  };
  if (sized("float", 'f') || sized("int", 'i') || sized("uint", 'u') || sized("complex", 'c')) {
    return true;
  }
  if (name == "bool" || name == "bool_") return dtype.kind == 'b';
  if (name == "str_" || name == "str") return dtype.kind == 'U';
  if (name == "bytes_") return dtype.kind == 'S';
  if (name == "datetime64") return dtype.kind == 'M';
  if (name == "timedelta64") return dtype.kind == 'm';
  if (name == "longdouble") return dtype.kind == 'f';
  if (name == "clongdouble") return dtype.kind == 'c';
  if (name == "longlong" || name == "intc") return dtype.kind == 'i';
  if (name == "ulonglong" || name == "uintc") return dtype.kind == 'u';
  if (name == "void") return dtype.kind == 'V';
  return false;
}

void load_npy(const Node& node, skops_value* value) {
  const Loading in = node.loading();
  skops_bytes bytes{};
  check(in.host->member(in.context, str(node["file"].text()), &bytes));
  Npy npy = read_npy(bytes, limits_of(in).npy_header_bytes);
  const std::string name(node.name());
  if (!is_ndarray(name)) {
    require(npy.shape.empty() && scalar_fits(name, npy.dtype), [&] {
      return "an array of shape () and matching dtype is expected for numpy." + name;
    });
  }
  check_fields(npy);
  if (npy.dtype.kind == 'b') check_bools(npy);

  if (npy.dtype.swapped) {
    const std::size_t size = npy.size * npy.dtype.itemsize;
    void* memory = nullptr;
    check(in.host->allocate(in.context, size, &memory));
    const std::size_t unit = npy.dtype.kind == 'U'   ? 4
                             : npy.dtype.kind == 'c' ? npy.dtype.itemsize / 2
                                                     : npy.dtype.itemsize;
    copy_swapped(static_cast<char*>(memory), npy.data, size, unit);
    npy.data = static_cast<const char*>(memory);
    npy.dtype.swapped = 0;
  }
  if (npy.dtype.kind == 'U') check_texts(npy.data, npy.size * npy.dtype.itemsize / 4);

  std::vector<skops_field> fields(npy.fields.size());
  std::vector<const skops_field*> pointers(npy.fields.size());
  for (std::size_t k = 0; k < fields.size(); ++k) {
    const NpyField& field = npy.fields[k];
    fields[k] = {sizeof(skops_field), str(field.name), field.offset, &field.dtype};
    pointers[k] = &fields[k];
  }
  npy.dtype.n_fields = fields.size();
  npy.dtype.fields = pointers.data();
  const skops_array array = {sizeof(skops_array), npy.data,         &npy.dtype,
                             npy.shape.size(),    npy.shape.data(), npy.strides.data()};
  check(in.host->make_array(in.context, &array, value));
}

// One object of an object array, as far as labels and categories need it.
skops_cell to_cell(const Value& value) {
  skops_cell cell{};
  switch (value.kind()) {
    case Kind::none: cell.kind = SKOPS_CELL_NONE; break;
    case Kind::boolean:
      cell.kind = SKOPS_CELL_BOOL;
      cell.as.integer = value.integer();
      break;
    case Kind::integer:
      cell.kind = SKOPS_CELL_INTEGER;
      cell.as.integer = value.integer();
      break;
    case Kind::real:
      cell.kind = SKOPS_CELL_REAL;
      cell.as.real = value.real();
      break;
    case Kind::string:
      cell.kind = SKOPS_CELL_STRING;
      cell.as.string = str(value.text_view());
      break;
    case Kind::array: {
      const ArrayView a = value.array();
      cell.kind = SKOPS_CELL_OTHER;
      if (a.ndim() != 0) break;
      if (a.kind() == 'f') {
        cell.kind = SKOPS_CELL_REAL;
        cell.as.real = value.real();
      } else if (a.kind() == 'b') {
        cell.kind = SKOPS_CELL_BOOL;
        cell.as.integer = value.integer();
      } else if (a.numeric()) {
        cell.kind = SKOPS_CELL_INTEGER;
        cell.as.integer = value.integer();
      }
      break;
    }
    default: cell.kind = SKOPS_CELL_OTHER; break;
  }
  return cell;
}

// An object array: `content` is nested lists below the first axis, `shape` a tuple. Released skops
// writes the true shape, but reads it only to tell one dimension from more; here both must agree.
void load_objects(const Node& node, skops_value* value) {
  const Loading in = node.loading();
  require(is_ndarray(node.name()), "an object array is expected to be a numpy.ndarray");
  const Value shape_value = node.value("shape");
  std::vector<std::int64_t> shape = shape_value.vector<std::int64_t>();
  require(shape.size() <= 64, "an object array has too many dimensions");
  std::uint64_t cells = 1;
  for (const std::int64_t extent : shape) {
    require(extent >= 0, "an object array has a negative extent");
    require(!__builtin_mul_overflow(cells, static_cast<std::uint64_t>(extent), &cells),
            "an object array has too many cells");
  }
  if (cells > limits_of(in).object_cells) {
    throw Failure(SKOPS_LIMIT, "limit.object_cells",
                  "an object array has " + std::to_string(cells) + " cells",
                  "raise Limits::object_cells if you trust the origin of the file");
  }
  void* memory = nullptr;
  check(in.host->allocate(in.context, cells * sizeof(skops_cell), &memory));
  auto* out = static_cast<skops_cell*>(memory);

  const auto top = node["content"].items();
  if (shape.empty()) {
    require(top.size() == 1, "an object array of shape () must have one cell");
    *out = to_cell(top[0].second.node().value());
  } else {
    require(top.size() == static_cast<std::size_t>(shape[0]),
            "an object array has not as many rows as its shape says");
    // Axis by axis, without recursion: `row` holds the lists of the current axis, in order.
    std::vector<Value> row;
    for (const auto& [key, item] : top) row.push_back(item.node().value());
    std::uint64_t lists = row.size();
    for (std::size_t axis = 1; axis < shape.size(); ++axis) {
      // Aliased lists make this many of few bytes, also where a later extent is 0.
      lists *= static_cast<std::uint64_t>(shape[axis]);
      check(in.host->charge(in.context, lists * sizeof(Value)));
      std::vector<Value> next;
      next.reserve(lists);
      for (const Value& list : row) {
        require(list.is(Kind::list) && list.size() == static_cast<std::size_t>(shape[axis]),
                "an object array's nested lists do not fit its shape");
        require(next.size() + list.size() <= cells || cells == 0,
                "an object array's nested lists do not fit its shape");
        for (std::size_t k = 0, n = list.size(); k < n; ++k) next.push_back(list.item(k));
      }
      row = std::move(next);
    }
    require(row.size() == cells, "an object array's content does not fit its shape");
    for (std::size_t k = 0; k < row.size(); ++k) out[k] = to_cell(row[k]);
  }
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t step = sizeof(skops_cell);
  for (std::size_t k = shape.size(); k-- > 0;) {
    strides[k] = step;
    step *= shape[k] > 0 ? shape[k] : 1;
  }
  const skops_array array = {sizeof(skops_array), memory,       &dtype_of<skops_cell>,
                             shape.size(),        shape.data(), strides.data()};
  check(in.host->make_array(in.context, &array, value));
}

}  // namespace

void load_ndarray(const Node& node, skops_value* value) {
  const std::string_view type = node["type"].text();
  if (type == "numpy") return load_npy(node, value);
  if (type == "json") return load_objects(node, value);
  malformed("an array is neither of type numpy nor json");
}

}  // namespace skops_numpy
