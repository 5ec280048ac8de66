// Answers of inner estimators as numbers, for ensembles that add them up.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "skops/sdk/estimator.hpp"

namespace skops_sklearn::meta {

// A dense result in C order.
struct Response {
  std::size_t rows = 0, columns = 1;
  bool flat = true;  // one dimension
  std::vector<double> values;
};

// Calls the method; the result must be one dense array of numbers with as many rows as `x`.
inline Response respond(const skops::sdk::EstimatorRef& estimator, skops::sdk::Method method,
                        const skops::sdk::Input& x, const skops::sdk::Options& options) {
  using namespace skops::sdk;
  Captured captured;
  estimator.call(method, x, options, captured);
  if (captured.is_list()) unsupported("inner estimators with several outputs");
  const ArrayView a = captured.array();
  if (!a.numeric() || a.ndim() < 1 || a.ndim() > 2 || a.extent(0) != x.rows()) {
    unsupported(std::string(estimator.name()) + " gave labels where numbers are expected");
  }
  Response out;
  out.rows = a.extent(0);
  out.flat = a.ndim() == 1;
  out.columns = out.flat ? 1 : a.extent(1);
  out.values = a.to_vector<double>();
  return out;
}

// The classes of an inner classifier that was trained on class numbers, each below `n_classes`.
inline std::vector<std::size_t> class_numbers(const skops::sdk::Value& estimator,
                                              std::size_t n_classes) {
  using namespace skops::sdk;
  std::vector<std::size_t> out;
  for (const std::int64_t label : estimator["classes_"].vector<std::int64_t>()) {
    require(label >= 0 && static_cast<std::size_t>(label) < n_classes,
            "an inner classifier knows a class that its ensemble does not");
    out.push_back(static_cast<std::size_t>(label));
  }
  return out;
}

// The sum of several costs, at most 2^64 - 1.
inline void add_work(std::uint64_t& total, std::uint64_t more) {
  if (__builtin_add_overflow(total, more, &total)) total = UINT64_MAX;
}

}  // namespace skops_sklearn::meta
