#include "model/call.hpp"

#include <array>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "model/loaded_graph.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

// What a sink's functions share: the caller's sink and what went wrong.
struct Bridge {
  Sink& sink;
  std::optional<Error> reported = {};
  std::exception_ptr thrown = {};
};

template <class F>
bool catching(Bridge& bridge, F&& body) noexcept {
  try {
    body();
    return true;
  } catch (...) {
    bridge.thrown = std::current_exception();
    return false;
  }
}

Dtype public_dtype(const skops_dtype& dtype) {
  return {static_cast<char>(dtype.kind), static_cast<std::uint32_t>(dtype.itemsize)};
}

void* sink_array(void* owner, const skops_dtype* dtype, std::uint64_t ndim,
                 const std::int64_t* shape) {
  auto& bridge = *static_cast<Bridge*>(owner);
  void* out = nullptr;
  catching(bridge, [&] { out = bridge.sink.array(public_dtype(*dtype), {shape, ndim}); });
  return out;
}

skops_status sink_csr(void* owner, const skops_dtype* dtype, std::uint64_t rows,
                      std::uint64_t columns, std::uint64_t nnz, void** data, std::int32_t** indices,
                      std::int32_t** indptr) {
  auto& bridge = *static_cast<Bridge*>(owner);
  const bool done = catching(bridge, [&] {
    const auto memory = bridge.sink.csr(public_dtype(*dtype), rows, columns, nnz);
    *data = memory.data;
    *indices = memory.indices;
    *indptr = memory.indptr;
  });
  return done ? SKOPS_OK : SKOPS_LIMIT;
}

skops_status sink_begin(void* owner, std::uint32_t kind) {
  auto& bridge = *static_cast<Bridge*>(owner);
  return catching(bridge, [&] { bridge.sink.begin(kind == SKOPS_VALUE_TUPLE); }) ? SKOPS_OK
                                                                                 : SKOPS_LIMIT;
}

skops_status sink_end(void* owner) {
  auto& bridge = *static_cast<Bridge*>(owner);
  return catching(bridge, [&] { bridge.sink.end(); }) ? SKOPS_OK : SKOPS_LIMIT;
}

void* sink_bytes(void* owner, std::uint64_t size) {
  auto& bridge = *static_cast<Bridge*>(owner);
  void* out = nullptr;
  catching(bridge, [&] { out = bridge.sink.bytes(size); });
  return out;
}

skops_status sink_fail(void* owner, skops_status family, skops_string code, skops_string text,
                       skops_string remedy) {
  auto& bridge = *static_cast<Bridge*>(owner);
  if (family < SKOPS_USAGE || family > SKOPS_INPUT) family = SKOPS_PLUGIN;
  const auto string = [](skops_string s) { return std::string(s.data, s.data ? s.size : 0); };
  catching(bridge, [&] {
    bridge.reported.emplace(static_cast<Family>(family), string(code), string(text), Where{},
                            string(remedy));
  });
  return family;
}

[[noreturn]] void bad(const char* code, std::string text) {
  throw Error(Family::input, code, std::move(text));
}

// Plugins multiply the rows of an input by widths that models store, which a file bounds. A view
// with strides of 0 has as many rows as its caller likes and costs nothing, so that the product
// would wrap; these bounds leave every product below 2^63.
constexpr std::uint64_t max_rows = std::uint64_t{1} << 32, max_columns = std::uint64_t{1} << 31;

void check_size(const skops_input& input) {
  if (input.rows > max_rows || input.columns > max_columns) {
    throw Error(Family::input, "input.size",
                "an input of " + std::to_string(input.rows) + " rows and " +
                    std::to_string(input.columns) + " columns",
                {}, "give at most 2^32 rows and 2^31 columns at a time");
  }
}

void check_dense(const ArrayView& x) {
  std::int64_t size = 1;
  for (std::size_t k = 0; k < x.ndim; ++k) {
    if (x.shape[k] < 0 || __builtin_mul_overflow(size, x.shape[k], &size)) {
      bad("input.size", "an array has more elements than memory can hold");
    }
  }
}

skops_dtype boundary_dtype(const Dtype& dtype) {
  return {
      sizeof(skops_dtype), static_cast<std::uint32_t>(dtype.kind), 0, dtype.itemsize, 0, nullptr};
}

skops_array boundary_array(const ArrayView& view, const skops_dtype& dtype) {
  return {sizeof(skops_array), view.data, &dtype, view.ndim, view.shape, view.strides};
}

// A CSR input is checked once here, so that no kernel has to.
template <class Index>
void check_csr(const CsrView& x) {
  const auto* indptr = static_cast<const Index*>(x.indptr.data);
  const auto* indices = static_cast<const Index*>(x.indices.data);
  const std::int64_t nnz = x.indices.shape[0];
  if (indptr[0] != 0) bad("input.csr", "indptr of a sparse matrix does not start at 0");
  for (std::size_t i = 0; i < x.rows; ++i) {
    if (indptr[i + 1] < indptr[i]) bad("input.csr", "indptr of a sparse matrix decreases");
  }
  if (indptr[x.rows] > nnz) bad("input.csr", "indptr of a sparse matrix passes its data");
  const auto columns = static_cast<std::uint64_t>(x.columns);
  bool inside = true;
  for (std::int64_t k = 0; k < indptr[x.rows]; ++k) {
    inside &= static_cast<std::uint64_t>(indices[k]) < columns;
  }
  if (!inside) bad("input.csr", "a column index of a sparse matrix is out of range");
}

void check_csr(const CsrView& x) {
  const bool contiguous = x.indptr.strides[0] == x.indptr.dtype.itemsize &&
                          x.indices.strides[0] == x.indices.dtype.itemsize;
  if (x.rows >= INT64_MAX || !contiguous || x.indptr.dtype != x.indices.dtype ||
      x.indptr.ndim != 1 || x.indices.ndim != 1 || x.data.ndim != 1 ||
      x.data.shape[0] != x.indices.shape[0] ||
      x.indptr.shape[0] != static_cast<std::int64_t>(x.rows) + 1) {
    bad("input.csr", "the parts of a sparse matrix do not fit each other");
  }
  if (x.indptr.dtype == dtype_of<std::int32_t>) return check_csr<std::int32_t>(x);
  if (x.indptr.dtype == dtype_of<std::int64_t>) return check_csr<std::int64_t>(x);
  bad("input.csr", "the indices of a sparse matrix must be int32 or int64");
}

void run(const LoadedGraph& graph, std::uint64_t method, const skops_input& input,
         std::span<const Option> options, unsigned threads, Sink& sink) {
  check_size(input);
  Bridge bridge{sink};
  const skops_sink boundary = {sizeof(skops_sink), &bridge,   &sink_array, &sink_csr,
                               &sink_begin,        &sink_end, &sink_bytes, &sink_fail};
  std::vector<skops_option> rows;
  std::vector<const skops_option*> pointers;
  if (!options.empty()) {
    rows.reserve(options.size());
    for (const Option& option : options) {
      static_assert(sizeof(Cell) == sizeof(skops_cell));
      skops_option& row = rows.emplace_back();
      row.size = sizeof row;
      row.name = {option.name.data(), option.name.size()};
      row.value.kind = static_cast<std::uint64_t>(option.value.kind);
      row.value.as.string = {option.value.as.string.data, option.value.as.string.size};
      pointers.push_back(&row);
    }
  }
  const skops_call call = {sizeof(skops_call),    method,   &input, options.size(), pointers.data(),
                           threads ? threads : 1, &boundary};
  const auto broken = [&](const char* code, const char* text) {
    return Error(Family::plugin, code, text, {.plugin = graph.root_plugin()},
                 "report this to the plugin's authors");
  };
  const skops_object& object = graph.root_object();
  skops_status status = SKOPS_OK;
  try {
    status = object.type->call(object.state, &call);
  } catch (...) {
    throw broken("plugin.exception", "a method throws across the boundary");
  }
  if (bridge.thrown) std::rethrow_exception(bridge.thrown);
  if (status == SKOPS_OK) return;
  if (bridge.reported) throw bridge.reported->with({.plugin = graph.root_plugin()});
  throw broken("plugin.silent", "a method failed without saying why");
}

}  // namespace

void call_method(const LoadedGraph& graph, std::uint64_t method, const Input& x,
                 std::span<const Option> options, unsigned threads, Sink& sink) {
  skops_input input{};
  input.size = sizeof input;
  input.rows = x.rows;
  switch (x.kind) {
    case Input::Kind::dense: {
      check_dense(x.array);
      const skops_dtype dtype = boundary_dtype(x.array.dtype);
      const skops_array array = boundary_array(x.array, dtype);
      input.kind = SKOPS_INPUT_DENSE;
      input.array = &array;
      input.columns = x.array.ndim < 2 ? 1 : static_cast<std::uint64_t>(x.array.shape[1]);
      return run(graph, method, input, options, threads, sink);
    }
    case Input::Kind::csr: {
      check_csr(x.csr);
      const skops_dtype data_dtype = boundary_dtype(x.csr.data.dtype),
                        index_dtype = boundary_dtype(x.csr.indices.dtype);
      const skops_array data = boundary_array(x.csr.data, data_dtype),
                        indices = boundary_array(x.csr.indices, index_dtype),
                        indptr = boundary_array(x.csr.indptr, index_dtype);
      const skops_csr csr = {sizeof(skops_csr), x.csr.rows, x.csr.columns, &data,
                             &indices,          &indptr};
      input.kind = SKOPS_INPUT_CSR;
      input.csr = &csr;
      input.columns = x.csr.columns;
      return run(graph, method, input, options, threads, sink);
    }
    case Input::Kind::text: {
      // string_view and skops_string hold the same two words, but not surely in the same order.
      std::vector<skops_string> text;
      text.reserve(x.text.size());
      for (const std::string_view t : x.text) text.push_back({t.data(), t.size()});
      input.kind = SKOPS_INPUT_TEXT;
      input.text = text.data();
      input.columns = 1;
      return run(graph, method, input, options, threads, sink);
    }
    case Input::Kind::table: {
      const std::size_t n = x.table.size();
      std::vector<skops_dtype> dtypes(n);
      std::vector<skops_array> arrays(n);
      std::vector<skops_column> columns(n);
      std::vector<const skops_column*> pointers(n);
      for (std::size_t j = 0; j < n; ++j) {
        const ColumnView& column = x.table[j];
        if (column.values.ndim != 1 ||
            column.values.shape[0] != static_cast<std::int64_t>(x.rows)) {
          bad("input.table", "column '" + std::string(column.name) + "' has another length");
        }
        dtypes[j] = boundary_dtype(column.values.dtype);
        arrays[j] = boundary_array(column.values, dtypes[j]);
        columns[j] = {sizeof(skops_column), {column.name.data(), column.name.size()}, &arrays[j]};
        pointers[j] = &columns[j];
      }
      input.kind = SKOPS_INPUT_TABLE;
      input.table = pointers.data();
      input.columns = n;
      return run(graph, method, input, options, threads, sink);
    }
  }
}

}  // namespace skops
