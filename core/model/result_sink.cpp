#include "model/result_sink.hpp"

#include <cstdlib>
#include <cstring>
#include <utility>

#include "skops/error.hpp"

namespace skops {
namespace {

std::shared_ptr<void> aligned(std::size_t size) {
  const std::size_t padded = size > SIZE_MAX - 64 ? 0 : (size + 63) / 64 * 64;
  void* p = size != 0 && padded == 0 ? nullptr : std::aligned_alloc(64, padded ? padded : 64);
  if (p == nullptr) throw Error(Family::limit, "limit.memory", "out of memory for a result");
  return {p, [](void* q) { std::free(q); }};
}

std::size_t bytes_of(Dtype dtype, std::span<const std::int64_t> shape) {
  std::size_t n = dtype.itemsize;
  for (const std::int64_t extent : shape) {
    if (extent < 0 || __builtin_mul_overflow(n, static_cast<std::size_t>(extent), &n)) {
      throw Error(Family::limit, "limit.memory", "a result is larger than memory can be");
    }
  }
  return n;
}

}  // namespace

Array ResultSink::make(Dtype dtype, std::vector<std::int64_t> shape, void*& data) {
  const std::size_t size = bytes_of(dtype, shape);
  std::shared_ptr<void> memory = aligned(size);
  data = memory.get();
  if (dtype.kind == 'O') std::memset(data, 0, size);
  // Cells point to texts: these live as long as the array.
  std::shared_ptr<const void> owner =
      dtype.kind == 'O'
          ? std::shared_ptr<const void>(data, [memory, texts = memory_](const void*) {})
          : std::shared_ptr<const void>(std::move(memory));
  return Array(dtype, std::move(shape), std::move(owner));
}

void* ResultSink::array(Dtype dtype, std::span<const std::int64_t> shape) {
  void* data = nullptr;
  Result& result = open_.back().items.emplace_back();
  result.array = make(dtype, {shape.begin(), shape.end()}, data);
  return data;
}

Sink::CsrMemory ResultSink::csr(Dtype dtype, std::size_t rows, std::size_t columns,
                                std::size_t nnz) {
  const auto n = static_cast<std::int64_t>(nnz);
  void *data = nullptr, *indices = nullptr, *indptr = nullptr;
  Result& result = open_.back().items.emplace_back();
  result.kind = Result::Kind::csr;
  result.csr.rows = rows;
  result.csr.columns = columns;
  result.csr.data = make(dtype, {n}, data);
  result.csr.indices = make(dtype_of<std::int32_t>, {n}, indices);
  result.csr.indptr = make(dtype_of<std::int32_t>, {static_cast<std::int64_t>(rows) + 1}, indptr);
  return {data, static_cast<std::int32_t*>(indices), static_cast<std::int32_t*>(indptr)};
}

void ResultSink::begin(bool tuple) {
  open_.push_back({tuple ? Result::Kind::tuple : Result::Kind::list, {}, {}, {}});
}

void ResultSink::end() {
  if (open_.size() < 2) throw Error(Family::plugin, "plugin.sink", "a list ends that never began");
  Result done = std::move(open_.back());
  open_.pop_back();
  open_.back().items.push_back(std::move(done));
}

void* ResultSink::bytes(std::size_t size) {
  return memory_->texts.emplace_back(aligned(size)).get();
}

Result ResultSink::take() {
  if (open_.size() != 1 || open_.back().items.size() != 1) {
    throw Error(Family::plugin, "plugin.sink", "a method did not give exactly one result");
  }
  return std::move(open_.back().items.front());
}

}  // namespace skops
