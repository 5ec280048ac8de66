// sklearn.pipeline.Pipeline: every step but the last transforms, the last one answers.
#include "define.hpp"
#include "meta/stack.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

bool passes_through(const Value& step) {
  return step.is_none() || (step.is_string() && step.text() == "passthrough");
}

class Pipeline final : public Estimator {
 public:
  static constexpr std::string_view type_name = "Pipeline";

  explicit Pipeline(const Attributes& self) {
    const Value steps = self["steps"];
    const std::size_t n = steps.size();
    require(n > 0, "a Pipeline has no steps");
    for (std::size_t k = 0; k < n; ++k) {
      const Value pair = steps.item(k);
      require(pair.is_container() && pair.size() == 2,
              "a step is not a pair of name and estimator");
      const Value step = pair.item(1);
      if (passes_through(step)) {
        if (k + 1 == n) last_passes_ = true;
        continue;
      }
      steps_.emplace_back(step);
      if (k + 1 < n && !steps_.back().has(Method::transform)) {
        unsupported("the step '" + pair.item(0).text() + "' has no native 'transform'");
      }
    }
  }

  std::vector<Method> methods() const override {
    std::vector<Method> out;
    if (!last_passes_ && !steps_.empty()) {
      for (const Method m : {Method::predict, Method::predict_proba, Method::predict_log_proba,
                             Method::decision_function, Method::score_samples}) {
        if (steps_.back().has(m)) out.push_back(m);
      }
    }
    const auto all = [&](Method m) {
      return std::all_of(steps_.begin(), steps_.end(),
                         [m](const EstimatorRef& step) { return step.has(m); });
    };
    if (all(Method::transform)) out.push_back(Method::transform);
    if (all(Method::inverse_transform)) out.push_back(Method::inverse_transform);
    return out;
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (steps_.empty()) return meta::pass_through(x, out);
    if (method == Method::inverse_transform) {
      run(steps_.rbegin(), steps_.rend(), Method::inverse_transform, method, x, options, out);
    } else {
      run(steps_.begin(), steps_.end(), Method::transform, method, x, options, out);
    }
  }

  std::uint64_t work_per_row() const override {
    std::uint64_t work = 0;
    for (const EstimatorRef& step : steps_) {
      if (__builtin_add_overflow(work, step.work_per_row(), &work)) return UINT64_MAX;
    }
    return work;
  }

 private:
  // Each result lives until the next step has read it.
  template <class Iterator>
  void run(Iterator first, Iterator end, Method inner, Method last, const Input& x,
           const Options& options, Output& out) const {
    std::unique_ptr<Captured> held;
    Input current = x;
    for (; std::next(first) != end; ++first) {
      auto next = std::make_unique<Captured>();
      first->call(inner, current, options, *next);
      held = std::move(next);
      current = held->input();
    }
    first->call(last, current, options, out);
  }

  std::vector<EstimatorRef> steps_;
  bool last_passes_ = false;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(Pipeline)
