// sklearn.feature_selection.SelectKBest: the k columns with the largest scores_, in their order, in
// the input's dtype; of equal scores the later column wins, NaN is the smallest.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "define.hpp"
#include "estimators/feature_selection/column_mask.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class SelectKBest final : public Estimator {
 public:
  static constexpr std::string_view type_name = "SelectKBest";

  explicit SelectKBest(const Attributes& self) : features_(self) {
    std::vector<double> scores = self["scores_"].vector<double>();
    features_.assume(scores.size());
    const Value k = self["k"];
    std::vector<bool> keep(scores.size(), true);
    if (k.is_string()) {
      require(k.text() == "all", "k is neither a number nor 'all'");
    } else {
      const std::int64_t count = k.integer();
      require(count >= 0, "k must not be negative");
      // NaN counts as the smallest number that scikit-learn knows.
      for (double& score : scores)
        if (std::isnan(score)) score = std::numeric_limits<double>::lowest();
      std::vector<std::size_t> order(scores.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
      const std::size_t dropped = static_cast<std::uint64_t>(count) >= order.size()
                                      ? 0
                                      : order.size() - static_cast<std::size_t>(count);
      for (std::size_t i = 0; i < dropped; ++i) keep[order[i]] = false;
    }
    mask_ = ColumnMask(keep);
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (method == Method::transform) {
      features_.check(x, type_name);
      mask_.select(x, type_name, out);
    } else {
      check_width(x, mask_.kept(), type_name, true);
      mask_.restore(x, type_name, out);
    }
  }

 private:
  Features features_;
  ColumnMask mask_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(SelectKBest)
