#include "estimators/tree/tree_rows.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>

namespace skops_sklearn {

using namespace skops::sdk;

TreeRows::TreeRows(const Features& features, const Input& x, std::string_view estimator,
                   Finite dense)
    : sparse_(x.is_csr()), rows_(x.rows()), columns_(x.columns()) {
  if (sparse_) {
    csr_ = features.csr<float>(x, estimator, dense == Finite::any ? dense : Finite::required);
    may_miss_ = dense == Finite::any;
  } else {
    dense_ = features.rows<float>(x, estimator, dense);
    may_miss_ = dense != Finite::required;
  }
}

const float* TreeRows::row(std::size_t i, std::span<float> scratch) const {
  if (!sparse_) return dense_.row(i);
  std::fill(scratch.begin(), scratch.end(), 0.0f);
  // Of repeated entries the last one counts.
  for (auto k = csr_.indptr()[i]; k < csr_.indptr()[i + 1]; ++k) {
    scratch[static_cast<std::size_t>(csr_.indices()[k])] = csr_.data()[k];
  }
  return scratch.data();
}

std::uint32_t TreeRows::fill_keys(std::size_t first, std::size_t count, std::span<float> scratch,
                                  std::uint32_t* tile) const {
  std::uint32_t missing = 0;
  for (std::size_t r = 0; r < count; ++r) {
    const float* x = row(first + r, scratch);
    // NaN has keys beyond those of leaves, which would move a walk that has arrived.
    for (std::size_t j = 0; j < columns_; ++j) {
      tile[j * 8 + r] = std::min(trees::key_of(x[j]), trees::leaf_key);
    }
    if (!may_miss()) continue;
    bool any = false;
    for (std::size_t j = 0; j < columns_; ++j) any |= x[j] != x[j];
    missing |= std::uint32_t{any} << r;
  }
  return missing;
}

void TreeRows::fill_numbers(std::size_t first, std::size_t count, std::span<float> scratch,
                            float* tile) const {
  for (std::size_t r = 0; r < count; ++r) {
    const float* x = row(first + r, scratch);
    for (std::size_t j = 0; j < columns_; ++j) tile[j * 64 + r] = x[j];
  }
}

void in_parallel(std::size_t n, std::size_t threads, std::size_t grain,
                 const std::function<void(std::size_t, std::size_t)>& f) {
  const std::size_t parts = std::min(threads, (n + grain - 1) / grain);
  if (parts <= 1) return f(0, n);
  const std::size_t step = ((n + parts - 1) / parts + grain - 1) / grain * grain;
  std::exception_ptr failure;
  std::mutex guard;
  std::vector<std::thread> workers;
  const auto work = [&](std::size_t begin) {
    try {
      f(begin, std::min(n, begin + step));
    } catch (...) {
      const std::lock_guard lock(guard);
      failure = std::current_exception();
    }
  };
  std::size_t begin = step;
  try {
    for (; begin < n; begin += step) workers.emplace_back(work, begin);
  } catch (const std::exception&) {
    // No thread to be had: the rest is done here.
    for (; begin < n; begin += step) work(begin);
  }
  work(0);
  for (std::thread& worker : workers) worker.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace skops_sklearn
