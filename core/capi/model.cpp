// The C API from the load on: models, calls, results.
#include "capi/handles.hpp"

namespace capi = skops::capi;

namespace {

using skops::Error;
using skops::Family;
using skops::Result;

skops_result wrap(Result result, std::shared_ptr<const skops::Model> model) {
  skops_result out{std::move(result), std::move(model), {}, {}};
  switch (out.result.kind) {
    case Result::Kind::array:
      out.dtype = out.result.array.dtype().name();
      out.shape.assign(out.result.array.shape().begin(), out.result.array.shape().end());
      break;
    case Result::Kind::csr: {
      const skops::Csr& csr = out.result.csr;
      out.shape = {static_cast<std::int64_t>(csr.rows), static_cast<std::int64_t>(csr.columns)};
      for (const skops::Array& part : {csr.data, csr.indices, csr.indptr}) {
        Result item;
        item.array = part;
        out.items.push_back(wrap(std::move(item), out.model));
      }
      break;
    }
    case Result::Kind::list:
    case Result::Kind::tuple:
      for (Result& item : out.result.items) out.items.push_back(wrap(std::move(item), out.model));
      break;
  }
  return out;
}

skops_result* call(const skops_model* model, const char* method, const skops::Input& x,
                   std::uint32_t threads) {
  const auto& self = capi::object(model, "the model").model;
  Result result = self->call(capi::text(method, "the method"), x, {}, threads == 0 ? 1 : threads);
  return new skops_result(wrap(std::move(result), self));
}

skops::ArrayView view_of(const skops_matrix& x) {
  if (x.type != SKOPS_FLOAT64 && x.type != SKOPS_FLOAT32) {
    throw Error(Family::usage, "usage.type", "the matrix has an unknown type", {},
                "use SKOPS_FLOAT64 or SKOPS_FLOAT32");
  }
  skops::ArrayView out;
  out.dtype = x.type == SKOPS_FLOAT64 ? skops::dtype_of<double> : skops::dtype_of<float>;
  // Nothing addressable is larger; the products below cannot wrap.
  constexpr std::uint64_t most = std::uint64_t{1} << 60;
  if (x.rows > most || x.columns > most / (x.rows > 8 ? x.rows : 8)) {
    throw Error(Family::usage, "usage.shape", "the matrix is larger than memory can be");
  }
  if (x.rows != 0 && x.columns != 0) {
    capi::object(static_cast<const char*>(x.data), "the matrix's data");
  }
  out.data = x.data;
  out.shape[0] = static_cast<std::int64_t>(x.rows);
  out.shape[1] = static_cast<std::int64_t>(x.columns);
  const bool packed = x.row_stride == 0 && x.column_stride == 0;
  const auto item = static_cast<std::int64_t>(out.dtype.itemsize);
  out.strides[0] = packed ? item * out.shape[1] : x.row_stride;
  out.strides[1] = packed ? item : x.column_stride;
  return out;
}

const skops::Array& array_of(const skops_result* result, std::size_t index) {
  const skops_result& self = capi::object(result, "the result");
  if (self.result.kind != Result::Kind::array) {
    throw Error(Family::usage, "usage.result", "the result is not an array", {},
                "take one of its items");
  }
  if (index >= self.result.array.size()) {
    throw Error(Family::usage, "usage.index", "the index is beyond the array's end");
  }
  return self.result.array;
}

}  // namespace

skops_model* skops_model_load(const skops_runtime* runtime, const skops_file* file,
                              const skops_policy* policy, skops_error* error) {
  return capi::guarded(error, static_cast<skops_model*>(nullptr), [&] {
    auto model = std::make_shared<const skops::Model>(
        capi::object(runtime, "the runtime")
            .host.load(capi::object(file, "the file").file, capi::policy_of(policy)));
    std::string type = model->type(), unavailable = model->unavailable();
    return new skops_model{std::move(model), std::move(type), std::move(unavailable)};
  });
}

void skops_model_free(skops_model* model) {
  delete model;
}

const char* skops_model_type(const skops_model* model) {
  return model != nullptr ? model->type.c_str() : "";
}

size_t skops_model_n_methods(const skops_model* model) {
  return model != nullptr ? model->model->methods().size() : 0;
}

const char* skops_model_method(const skops_model* model, size_t index) {
  if (index >= skops_model_n_methods(model)) return nullptr;
  return model->model->methods()[index].c_str();
}

const char* skops_model_unavailable(const skops_model* model) {
  return model != nullptr ? model->unavailable.c_str() : "";
}

skops_result* skops_model_call(const skops_model* model, const char* method, const skops_matrix* x,
                               uint32_t threads, skops_error* error) {
  return capi::guarded(error, static_cast<skops_result*>(nullptr), [&] {
    capi::object(x, "the matrix");
    return call(model, method, view_of(capi::known(x)), threads);
  });
}

skops_result* skops_model_call_text(const skops_model* model, const char* method,
                                    const char* const* documents, size_t n_documents,
                                    uint32_t threads, skops_error* error) {
  return capi::guarded(error, static_cast<skops_result*>(nullptr), [&] {
    if (n_documents > 0) capi::object(documents, "the list of documents");
    std::vector<std::string_view> texts;
    texts.reserve(n_documents);
    for (std::size_t k = 0; k < n_documents; ++k) {
      texts.emplace_back(capi::text(documents[k], "a document"));
    }
    return call(model, method, std::span<const std::string_view>(texts), threads);
  });
}

uint32_t skops_result_kind(const skops_result* result) {
  if (result == nullptr) return 0;
  switch (result->result.kind) {
    case Result::Kind::array: return SKOPS_RESULT_ARRAY;
    case Result::Kind::csr: return SKOPS_RESULT_CSR;
    case Result::Kind::list: return SKOPS_RESULT_LIST;
    case Result::Kind::tuple: return SKOPS_RESULT_TUPLE;
  }
  return 0;
}

size_t skops_result_n_items(const skops_result* result) {
  return result != nullptr ? result->items.size() : 0;
}

const skops_result* skops_result_item(const skops_result* result, size_t index) {
  return index < skops_result_n_items(result) ? &result->items[index] : nullptr;
}

size_t skops_result_ndim(const skops_result* result) {
  return result != nullptr ? result->shape.size() : 0;
}

const int64_t* skops_result_shape(const skops_result* result) {
  return result != nullptr ? result->shape.data() : nullptr;
}

const char* skops_result_dtype(const skops_result* result) {
  return result != nullptr ? result->dtype.c_str() : "";
}

const void* skops_result_data(const skops_result* result) {
  if (result == nullptr || result->result.kind != Result::Kind::array) return nullptr;
  // Cells of objects are this library's own business.
  return result->result.array.dtype().kind == 'O' ? nullptr : result->result.array.data();
}

size_t skops_result_size(const skops_result* result) {
  if (result == nullptr || result->result.kind != Result::Kind::array) return 0;
  return result->result.array.size();
}

int32_t skops_result_number(const skops_result* result, size_t index, double* number,
                            skops_error* error) {
  skops_error own;
  skops_error* filled = error != nullptr ? error : &own;
  capi::guarded(filled, 0, [&] {
    capi::object(number, "the number") = array_of(result, index).number(index);
    return 0;
  });
  return filled->family;
}

const char* skops_result_text(const skops_result* result, size_t index, skops_error* error) {
  return capi::guarded(error, static_cast<const char*>(nullptr), [&] {
    std::string text = array_of(result, index).text(index);
    result->scratch = std::move(text);
    return result->scratch.c_str();
  });
}

void skops_result_free(skops_result* result) {
  delete result;
}
