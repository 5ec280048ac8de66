// Where a method writes its result, and a place to catch the result of another object's method.
//
// `Output` wraps the caller's sink: `double* y = out.array<double>({n})` is memory of the caller,
// filled in place, so that nothing is copied on the way to Python or C++. `Captured` is a sink
// inside the plugin: a pipeline lets one step write into it and gives it to the next as its input.
#pragma once

#include <cstdlib>
#include <deque>
#include <initializer_list>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "skops/sdk/array.hpp"
#include "skops/sdk/input.hpp"

namespace skops::sdk {

class Output {
 public:
  explicit Output(const skops_sink* sink) : sink_(sink) {}
  const skops_sink* raw() const { return sink_; }

  // Uninitialised memory for an array in C order.
  template <class T>
  T* array(std::initializer_list<std::size_t> shape) {
    std::int64_t dims[8];
    std::size_t n = 0;
    for (const std::size_t extent : shape) dims[n++] = static_cast<std::int64_t>(extent);
    return static_cast<T*>(array(dtype_of<T>, {dims, n}));
  }
  void* array(const skops_dtype& dtype, std::span<const std::int64_t> shape) {
    void* out = sink_->array(sink_->owner, &dtype, shape.size(), shape.data());
    if (out == nullptr) throw Reported(SKOPS_LIMIT);
    return out;
  }
  template <class T>
  struct Sparse {
    T* data;
    std::int32_t* indices;
    std::int32_t* indptr;  // rows + 1 entries
  };
  // Uninitialised memory for a CSR matrix. Refuses more entries than its indices can count, so that
  // callers may fill `indptr` without a look at the size.
  template <class T>
  Sparse<T> csr(std::size_t rows, std::size_t columns, std::size_t nnz) {
    if (nnz > INT32_MAX || columns > std::size_t{1} << 31) {
      throw Failure(SKOPS_LIMIT, "limit.result", "the result has too many entries",
                    "pass fewer rows at a time");
    }
    void* data = nullptr;
    Sparse<T> out{};
    check(sink_->csr(sink_->owner, &dtype_of<T>, rows, columns, nnz, &data, &out.indices,
                     &out.indptr));
    out.data = static_cast<T*>(data);
    return out;
  }
  // Results between begin and end form one list or tuple.
  void begin_list() { check(sink_->begin(sink_->owner, SKOPS_VALUE_LIST)); }
  void begin_tuple() { check(sink_->begin(sink_->owner, SKOPS_VALUE_TUPLE)); }
  void end() { check(sink_->end(sink_->owner)); }
  // Memory for the texts of cells, living as long as the result.
  skops_string keep(std::string_view text) {
    if (text.empty()) return {"", 0};
    void* copy = sink_->bytes(sink_->owner, text.size());
    if (copy == nullptr) throw Reported(SKOPS_LIMIT);
    std::memcpy(copy, text.data(), text.size());
    return {static_cast<const char*>(copy), text.size()};
  }

 private:
  const skops_sink* sink_;
};

// A result held inside the plugin. Not movable: the sink points to it.
class Captured {
 public:
  struct Item {
    bool sparse = false;
    skops_dtype dtype{};
    std::vector<std::int64_t> shape, strides;
    void* data = nullptr;
    std::int32_t *indices = nullptr, *indptr = nullptr;
    std::size_t rows = 0, columns = 0, nnz = 0;
    skops_array array{}, indices_array{}, indptr_array{};
    std::int64_t nnz_shape = 0, indptr_shape = 0;
    std::int64_t item_stride = 0, index_stride = 4;
    skops_csr csr{};
  };

  Captured() { sink_ = {sizeof sink_, this, &make_array, &make_csr, &begin, &end, &bytes, &fail}; }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

  // What `body(Output&)` writes, for code of this plugin; what another object's method writes comes
  // from EstimatorRef::call.
  template <class Body>
  void fill(Body&& body) {
    Output out(&sink_);
    try {
      body(out);
    } catch (const Reported& reported) {
      raise(reported.status);
    }
  }
  const skops_sink* sink() const { return &sink_; }
  // The arrays and matrices that were written, in order, lists flattened.
  std::size_t size() const { return items_.size(); }
  const Item& item(std::size_t k) const { return items_[k]; }
  // Whether the method wrote a list or tuple of results.
  bool is_list() const { return list_; }
  ArrayView array(std::size_t k = 0) const {
    if (k >= items_.size() || items_[k].sparse) malformed("a step did not give an array");
    return ArrayView(&items_[k].array);
  }
  // Result k as the input of another method; valid while this object lives.
  Input input(std::size_t k = 0) {
    if (k >= items_.size()) malformed("a step gave no result");
    Item& item = items_[k];
    input_ = {};
    input_.size = sizeof input_;
    if (item.sparse) {
      input_.kind = SKOPS_INPUT_CSR;
      input_.csr = &item.csr;
      input_.rows = item.rows;
      input_.columns = item.columns;
    } else {
      input_.kind = SKOPS_INPUT_DENSE;
      input_.array = &item.array;
      input_.rows = item.shape.empty() ? 0 : static_cast<std::uint64_t>(item.shape[0]);
      input_.columns = item.shape.size() < 2 ? 1 : static_cast<std::uint64_t>(item.shape[1]);
    }
    return Input(&input_);
  }
  // Throws what the method reported.
  void raise(skops_status status) const {
    if (status == SKOPS_OK) return;
    if (failed_) throw Failure(failure_.family, failure_.code, failure_.text, failure_.remedy);
    if (status == SKOPS_LIMIT) throw std::bad_alloc();
    throw Failure(SKOPS_PLUGIN, "plugin.silent", "a method failed without saying why");
  }

 private:
  struct Free {
    void operator()(void* p) const { std::free(p); }
  };

  void* take(std::size_t size) {
    const std::size_t padded = (size + 63) / 64 * 64;
    if (padded < size) return nullptr;
    void* p = std::aligned_alloc(64, padded == 0 ? 64 : padded);
    if (p != nullptr) memory_.emplace_back(p);
    return p;
  }

  // A host's sink says why it fails, and so does this one: whoever asked for memory only hears that
  // there is none.
  void* no_memory() noexcept {
    try {
      failure_ = Failure(SKOPS_LIMIT, "limit.memory", "out of memory");
      failed_ = true;
    } catch (...) {
      // Then raise() says so.
    }
    return nullptr;
  }

  static void* make_array(void* owner, const skops_dtype* dtype, std::uint64_t ndim,
                          const std::int64_t* shape) {
    auto& self = *static_cast<Captured*>(owner);
    try {
      std::size_t step = dtype->itemsize;
      for (std::size_t k = 0; k < ndim; ++k) {
        if (shape[k] < 0 ||
            __builtin_mul_overflow(step, static_cast<std::size_t>(shape[k]), &step)) {
          return self.no_memory();
        }
      }
      void* data = self.take(step);
      if (data == nullptr) return self.no_memory();
      if (dtype->kind == 'O') std::memset(data, 0, step);
      Item& item = self.items_.emplace_back();
      item.data = data;
      item.dtype = *dtype;
      item.shape.assign(shape, shape + ndim);
      item.strides.resize(ndim);
      auto stride = static_cast<std::int64_t>(dtype->itemsize);
      for (std::size_t k = ndim; k-- > 0;) {
        item.strides[k] = stride;
        // Beside an extent of 0 the others may be anything.
        if (__builtin_mul_overflow(stride, shape[k], &stride)) stride = 0;
      }
      item.array = {sizeof(skops_array), item.data,          &item.dtype, ndim,
                    item.shape.data(),   item.strides.data()};
      return item.data;
    } catch (...) {
      return self.no_memory();
    }
  }
  static skops_status make_csr(void* owner, const skops_dtype* dtype, std::uint64_t rows,
                               std::uint64_t columns, std::uint64_t nnz, void** data,
                               std::int32_t** indices, std::int32_t** indptr) {
    auto& self = *static_cast<Captured*>(owner);
    try {
      Item& item = self.items_.emplace_back();
      item.sparse = true;
      item.dtype = *dtype;
      item.rows = rows;
      item.columns = columns;
      item.nnz = nnz;
      item.nnz_shape = static_cast<std::int64_t>(nnz);
      item.indptr_shape = static_cast<std::int64_t>(rows) + 1;
      item.item_stride = static_cast<std::int64_t>(dtype->itemsize);
      std::size_t size = 0;
      if (nnz > (std::size_t{1} << 48) || rows > (std::size_t{1} << 48) ||
          __builtin_mul_overflow(nnz, dtype->itemsize, &size)) {
        self.no_memory();
        return SKOPS_LIMIT;
      }
      item.data = self.take(size);
      item.indices = static_cast<std::int32_t*>(self.take(nnz * 4));
      item.indptr = static_cast<std::int32_t*>(self.take((rows + 1) * 4));
      if (!item.data || !item.indices || !item.indptr) {
        self.no_memory();
        return SKOPS_LIMIT;
      }
      static constexpr skops_dtype index = dtype_of<std::int32_t>;
      item.array = {sizeof(skops_array), item.data,        &item.dtype, 1,
                    &item.nnz_shape,     &item.item_stride};
      item.indices_array = {sizeof(skops_array), item.indices,      &index, 1,
                            &item.nnz_shape,     &item.index_stride};
      item.indptr_array = {sizeof(skops_array), item.indptr,       &index, 1,
                           &item.indptr_shape,  &item.index_stride};
      item.csr = {sizeof(skops_csr), rows, columns, &item.array, &item.indices_array,
                  &item.indptr_array};
      *data = item.data;
      *indices = item.indices;
      *indptr = item.indptr;
      return SKOPS_OK;
    } catch (...) {
      self.no_memory();
      return SKOPS_LIMIT;
    }
  }
  static skops_status begin(void* owner, std::uint32_t) {
    static_cast<Captured*>(owner)->list_ = true;
    return SKOPS_OK;
  }
  static skops_status end(void*) { return SKOPS_OK; }
  static void* bytes(void* owner, std::uint64_t size) {
    auto& self = *static_cast<Captured*>(owner);
    try {
      void* p = self.take(size);
      return p != nullptr ? p : self.no_memory();
    } catch (...) {
      return self.no_memory();
    }
  }
  static skops_status fail(void* owner, skops_status family, skops_string code, skops_string text,
                           skops_string remedy) {
    auto& self = *static_cast<Captured*>(owner);
    try {
      self.failed_ = true;
      self.failure_ = Failure(family, std::string(view(code)), std::string(view(text)),
                              std::string(view(remedy)));
    } catch (...) {
    }
    return family;
  }

  std::deque<Item> items_;
  std::vector<std::unique_ptr<void, Free>> memory_;
  bool list_ = false, failed_ = false;
  Failure failure_{SKOPS_PLUGIN, "", ""};
  skops_sink sink_{};
  skops_input input_{};
};

}  // namespace skops::sdk
