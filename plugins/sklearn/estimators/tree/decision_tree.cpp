// sklearn.tree: DecisionTreeClassifier, DecisionTreeRegressor and their extremely randomised
// siblings, which predict in the same way.
#include "define.hpp"
#include "estimators/shared/fitted_version.hpp"
#include "estimators/tree/tree_ensemble.hpp"
#include "estimators/tree/tree_missing.hpp"
#include "estimators/tree/tree_targets.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

template <bool classifier>
class DecisionTree : public Estimator {
 public:
  DecisionTree(const Attributes& self, std::string_view name)
      : name_(name),
        features_(self),
        targets_(self, classifier),
        tree_(tree_of(self["tree_"])),
        missing_right_(!fitted_since(self, 1, 8)) {
    features_.assume(tree_.n_features());
    targets_.check(tree_);
    finite_ = takes_missing(self, false) ? Finite::allow_nan : Finite::required;
    trees_.add(tree_);
    trees_.prepare(
        self.node().loading(), features_.count(), targets_.width(), 1,
        [this](std::size_t, std::size_t node, double* out) { targets_.values(tree_, node, out); });
  }

  std::vector<Method> methods() const override {
    if (!classifier) return {Method::predict, Method::apply, Method::decision_path};
    return {Method::predict, Method::predict_proba, Method::predict_log_proba, Method::apply,
            Method::decision_path};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({"check_input"});
    const TreeRows rows(features_, x, name_, finite_);
    const std::size_t n = rows.size();
    switch (method) {
      case Method::apply:
        return trees_.leaves(rows, options.threads(), out.array<std::int64_t>({n}));
      case Method::decision_path: return trees_.paths(rows, missing_right_, out);
      default: break;
    }
    if (!classifier) {
      double* y = targets_.numbers(out, n);
      std::fill_n(y, n * targets_.width(), 0.0);
      return trees_.add_to(rows, 0, 1, options.threads(), y);
    }
    std::vector<double> p(n * targets_.width());
    trees_.add_to(rows, 0, 1, options.threads(), p.data());
    if (method == Method::predict) return targets_.write_labels(out, p.data(), n);
    targets_.write_probabilities(out, p.data(), n, method == Method::predict_log_proba);
  }

  std::uint64_t work_per_row() const override { return trees_.work(); }
  void save(ObjectWriter& self) const override {
    features_.save(self);
    if (may_be_completed(self)) self.otherwise("max_features_", features_.count());
  }
  const void* part(std::string_view part) const override {
    return part == "tree" ? &tree_ : nullptr;
  }

 private:
  std::string_view name_;
  Features features_;
  TreeTargets targets_;
  const FittedTree& tree_;
  Finite finite_ = Finite::required;
  bool missing_right_;  // in decision paths
  TreeEnsemble trees_;
};

#define SKOPS_TREE(NAME, CLASSIFIER)                                                     \
  struct NAME final : DecisionTree<CLASSIFIER> {                                         \
    static constexpr std::string_view type_name = #NAME;                                 \
    explicit NAME(const Attributes& self) : DecisionTree<CLASSIFIER>(self, type_name) {} \
  };
SKOPS_TREE(DecisionTreeClassifier, true)
SKOPS_TREE(DecisionTreeRegressor, false)
SKOPS_TREE(ExtraTreeClassifier, true)
SKOPS_TREE(ExtraTreeRegressor, false)

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(DecisionTreeClassifier)
SKOPS_DEFINE(DecisionTreeRegressor)
SKOPS_DEFINE(ExtraTreeClassifier)
SKOPS_DEFINE(ExtraTreeRegressor)
