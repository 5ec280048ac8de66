// sklearn.model_selection.GridSearchCV and RandomizedSearchCV: whatever best_estimator_ can do.
#include "define.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class Search final : public Estimator {
 public:
  static constexpr std::string_view type_name = "SearchCV";

  explicit Search(const Attributes& self) {
    if (!self.has("best_estimator_")) {
      unsupported("the search has no best_estimator_", "fit it with refit=True before saving it");
    }
    best_ = EstimatorRef(self["best_estimator_"]);
  }

  std::vector<Method> methods() const override {
    std::vector<Method> out;
    for (const Method m : {Method::predict, Method::predict_proba, Method::predict_log_proba,
                           Method::decision_function, Method::score_samples, Method::transform,
                           Method::inverse_transform}) {
      if (best_.has(m)) out.push_back(m);
    }
    return out;
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    best_.call(method, x, options, out);
  }

  std::uint64_t work_per_row() const override { return best_.work_per_row(); }

 private:
  EstimatorRef best_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE_AS(GridSearchCV, Search)
SKOPS_DEFINE_AS(RandomizedSearchCV, Search)
