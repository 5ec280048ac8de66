// The base of native models: an object with methods under scikit-learn's names.
//
//   class MaxAbsScaler final : public Estimator {
//    public:
//     static constexpr std::string_view type_name = "MaxAbsScaler";
//     explicit MaxAbsScaler(const Attributes& self) : scale_(self["scale_"].vector<double>()) {}
//     std::vector<Method> methods() const override { return {Method::transform}; }
//     void call(Method, const Input& x, const Options&, Output& out) const override { … }
//   };
//
// The constructor reads the attributes of the stored object and checks all of them: shapes, ranges,
// dtypes, indices. After it, `call` may run in any number of threads and must not be able to fault,
// whatever the input. Both report by throwing (error.hpp).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "skops/sdk/input.hpp"
#include "skops/sdk/output.hpp"
#include "skops/sdk/value.hpp"
#include "skops/sdk/writer.hpp"

namespace skops::sdk {

enum class Method : std::uint8_t {
  predict,
  predict_proba,
  predict_log_proba,
  predict_joint_log_proba,
  decision_function,
  score_samples,
  transform,
  inverse_transform,
  apply,
  decision_path,
  kneighbors,
  kneighbors_graph,
  radius_neighbors,
  radius_neighbors_graph,
  staged_predict,
  staged_predict_proba,
  staged_decision_function,
  mahalanobis,
  gibbs,
  correct_covariance,
};

inline constexpr std::string_view method_names[] = {
    "predict",
    "predict_proba",
    "predict_log_proba",
    "predict_joint_log_proba",
    "decision_function",
    "score_samples",
    "transform",
    "inverse_transform",
    "apply",
    "decision_path",
    "kneighbors",
    "kneighbors_graph",
    "radius_neighbors",
    "radius_neighbors_graph",
    "staged_predict",
    "staged_predict_proba",
    "staged_decision_function",
    "mahalanobis",
    "gibbs",
    "correct_covariance",
};

inline std::string_view name_of(Method m) {
  return method_names[static_cast<std::size_t>(m)];
}
inline std::optional<Method> method_of(std::string_view name) {
  const auto* at = std::find(std::begin(method_names), std::end(method_names), name);
  if (at == std::end(method_names)) return std::nullopt;
  return static_cast<Method>(at - std::begin(method_names));
}

// Keyword arguments of one call, and how many threads it may use.
class Options {
 public:
  Options() = default;
  explicit Options(const skops_call* call) : call_(call) {}
  std::size_t threads() const {
    return call_ && call_->threads > 0 ? static_cast<std::size_t>(call_->threads) : 1;
  }
  std::optional<skops_cell> find(std::string_view name) const {
    if (!call_) return std::nullopt;
    for (std::uint64_t k = 0; k < call_->n_options; ++k) {
      if (view(call_->options[k]->name) == name) return call_->options[k]->value;
    }
    return std::nullopt;
  }
  std::int64_t integer(std::string_view name, std::int64_t otherwise) const {
    const auto cell = find(name);
    if (!cell || cell->kind == SKOPS_CELL_NONE) return otherwise;
    if (cell->kind != SKOPS_CELL_INTEGER && cell->kind != SKOPS_CELL_BOOL) {
      bad_input("the argument '" + std::string(name) + "' must be an integer");
    }
    return cell->as.integer;
  }
  bool boolean(std::string_view name, bool otherwise) const {
    return integer(name, otherwise ? 1 : 0) != 0;
  }
  // Refuses arguments that the method does not know.
  void only(std::initializer_list<std::string_view> known) const {
    if (!call_) return;
    for (std::uint64_t k = 0; k < call_->n_options; ++k) {
      const auto name = view(call_->options[k]->name);
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        bad_input("unexpected keyword argument '" + std::string(name) + "'");
      }
    }
  }

 private:
  const skops_call* call_ = nullptr;
};

class Estimator {
 public:
  virtual ~Estimator() = default;
  // The methods of the class that this object's parameters allow, in a fixed order.
  virtual std::vector<Method> methods() const = 0;
  virtual void call(Method method, const Input& x, const Options& options, Output& out) const = 0;
  // About how many multiplications one row costs in the dearest method.
  virtual std::uint64_t work_per_row() const { return 1; }
  // Adds the attributes that the Python object needs and `self` lacks, which was made from numbers
  // then. `self` has all that the file said of this object.
  virtual void save(ObjectWriter& self) const { (void)self; }
  // Values for other objects of the same plugin, never seen by the host.
  virtual const void* part(std::string_view) const { return nullptr; }
};

// An object of any plugin, as a meta-estimator holds it: the host owns it and keeps it alive.
class EstimatorRef {
 public:
  EstimatorRef() = default;
  explicit EstimatorRef(const Value& value) : EstimatorRef(value.object()) {}
  explicit EstimatorRef(const skops_object& object) : object_(object) {
    slots_.fill(-1);
    if (object.type->method_count == nullptr) return;
    const std::uint64_t n = object.type->method_count(object.state);
    for (std::uint64_t k = 0; k < n && k < 127; ++k) {
      const auto method = method_of(view(object.type->method_name(object.state, k)));
      if (method) slots_[static_cast<std::size_t>(*method)] = static_cast<std::int8_t>(k);
    }
  }
  explicit operator bool() const { return object_.type != nullptr; }
  const skops_object& object() const { return object_; }
  std::string_view name() const { return view(object_.type->name); }
  bool has(Method m) const { return object_.type && slots_[static_cast<std::size_t>(m)] >= 0; }
  std::uint64_t work_per_row() const {
    return object_.type->work_per_row ? object_.type->work_per_row(object_.state) : 1;
  }
  // Runs the method with the caller's sink, or into `captured`.
  void call(Method m, const Input& x, const Options& options, Output& out) const {
    const skops_status status = run(m, x, options, out.raw());
    if (status != SKOPS_OK) throw Reported(status);
  }
  void call(Method m, const Input& x, const Options& options, Captured& captured) const {
    captured.raise(run(m, x, options, captured.sink()));
  }

 private:
  skops_status run(Method m, const Input& x, const Options& options, const skops_sink* sink) const {
    const std::int8_t slot = slots_[static_cast<std::size_t>(m)];
    if (slot < 0) {
      unsupported(std::string(name()) + " has no method '" + std::string(name_of(m)) + "'");
    }
    skops_call call{};
    call.size = sizeof call;
    call.method = static_cast<std::uint64_t>(slot);
    call.input = x.raw();
    call.threads = options.threads();
    call.sink = sink;
    return object_.type->call(object_.state, &call);
  }

  skops_object object_{};
  std::array<std::int8_t, std::size(method_names)> slots_{};
};

}  // namespace skops::sdk
