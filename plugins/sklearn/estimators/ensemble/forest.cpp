// sklearn.ensemble: RandomForest* and ExtraTrees*, which differ in how they are trained only.
//
// Probabilities and numbers are summed over the trees in their order, in float64, and divided by
// their number at the end, as scikit-learn does.
#include "define.hpp"
#include "estimators/shared/fitted_version.hpp"
#include "estimators/shared/object_nodes.hpp"
#include "estimators/tree/tree_ensemble.hpp"
#include "estimators/tree/tree_missing.hpp"
#include "estimators/tree/tree_targets.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

template <bool classifier>
class Forest : public Estimator {
 public:
  Forest(const Attributes& self, std::string_view name, std::string_view tree_class)
      : name_(name),
        features_(self),
        targets_(self, classifier),
        missing_right_(!fitted_since(self, 1, 8)),
        tree_class_(tree_class) {
    const ObjectNodes estimators = object_nodes(self, "estimators_");
    require(estimators.columns == 1 && !estimators.nodes.empty(), "a forest has no trees");
    std::vector<Value> trees;
    for (const Node& node : estimators.nodes) {
      require_class(node, "sklearn.tree._classes", tree_class);
      const Attributes estimator(node);
      trees.push_back(estimator["tree_"]);
      const FittedTree& tree = unfinished_tree_of(trees.back());
      features_.assume(tree.n_features());
      targets_.check(tree);
      if (trees_.size() == 0 && takes_missing(estimator, true)) finite_ = Finite::allow_nan;
      trees_.add(tree);
    }
    // The host's other thread checks the first ones meanwhile.
    for (std::size_t t = trees.size(); t-- > 0;) tree_of(trees[t]);
    trees_.prepare(self.node().loading(), features_.count(), targets_.width(), 1,
                   [this](std::size_t t, std::size_t node, double* out) {
                     targets_.values(trees_.tree(t), node, out);
                   });
  }

  std::vector<Method> methods() const override {
    if (!classifier) return {Method::predict, Method::apply, Method::decision_path};
    return {Method::predict, Method::predict_proba, Method::predict_log_proba, Method::apply,
            Method::decision_path};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const TreeRows rows(features_, x, name_, finite_);
    const std::size_t n = rows.size();
    switch (method) {
      case Method::apply:
        return trees_.leaves(rows, options.threads(), out.array<std::int64_t>({n, trees_.size()}));
      case Method::decision_path: return paths(rows, out);
      default: break;
    }
    if (!classifier) return average(rows, options.threads(), targets_.numbers(out, n));
    if (method == Method::predict_proba && targets_.outputs() == 1) {
      return average(rows, options.threads(), out.array<double>({n, targets_.width()}));
    }
    const auto p = std::make_unique_for_overwrite<double[]>(n * targets_.width());
    average(rows, options.threads(), p.get());
    if (method == Method::predict) return targets_.write_labels(out, p.get(), n);
    targets_.write_probabilities(out, p.get(), n, method == Method::predict_log_proba);
  }

  std::uint64_t work_per_row() const override { return trees_.work(); }

  // scikit-learn asks the tree that it would clone (`estimator`) whether NaN may occur in an input.
  void save(ObjectWriter& self) const override {
    features_.save(self);
    if (!may_be_completed(self)) return;
    self.otherwise_json("n_estimators", std::to_string(trees_.size()));
    if (!self.has("estimator")) {
      ObjectWriter tree(self, "sklearn.tree._classes", tree_class_);
      if (const auto version = self.json_of("_sklearn_version"); !version.empty()) {
        tree.put("_sklearn_version", self.json(version));
      }
      add_parameters(tree, tree_class_);
      self.put("estimator", tree.node());
    }
    self.otherwise("estimator_params", [&] {
      std::vector<Saved> names;
      for (const char* name :
           {"criterion", "max_depth", "min_samples_split", "min_samples_leaf",
            "min_weight_fraction_leaf", "max_features", "max_leaf_nodes", "min_impurity_decrease",
            "random_state", "ccp_alpha", "monotonic_cst"}) {
        names.push_back(self.of(name));
      }
      return self.tuple(names);
    });
  }

 private:
  void average(const TreeRows& rows, std::size_t threads, double* y) const {
    const std::size_t n = rows.size() * targets_.width();
    std::fill_n(y, n, 0.0);
    trees_.add_to(rows, 0, trees_.size(), threads, y);
    const auto count = static_cast<double>(trees_.size());
    for (std::size_t k = 0; k < n; ++k) y[k] /= count;
  }

  // The nodes of all trees side by side, and where each tree's begin.
  void paths(const TreeRows& rows, Output& out) const {
    out.begin_tuple();
    trees_.paths(rows, missing_right_, out);
    auto* first = out.array<std::int64_t>({trees_.size() + 1});
    first[0] = 0;
    for (std::size_t t = 0; t < trees_.size(); ++t) {
      first[t + 1] = first[t] + static_cast<std::int64_t>(trees_.tree(t).node_count());
    }
    out.end();
  }

  std::string_view name_;
  Features features_;
  TreeTargets targets_;
  Finite finite_ = Finite::required;
  bool missing_right_;  // in decision paths
  std::string_view tree_class_;
  TreeEnsemble trees_;
};

#define SKOPS_FOREST(NAME, CLASSIFIER, TREE)                                              \
  struct NAME final : Forest<CLASSIFIER> {                                                \
    static constexpr std::string_view type_name = #NAME;                                  \
    explicit NAME(const Attributes& self) : Forest<CLASSIFIER>(self, type_name, #TREE) {} \
  };
SKOPS_FOREST(RandomForestClassifier, true, DecisionTreeClassifier)
SKOPS_FOREST(RandomForestRegressor, false, DecisionTreeRegressor)
SKOPS_FOREST(ExtraTreesClassifier, true, ExtraTreeClassifier)
SKOPS_FOREST(ExtraTreesRegressor, false, ExtraTreeRegressor)

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(RandomForestClassifier)
SKOPS_DEFINE(RandomForestRegressor)
SKOPS_DEFINE(ExtraTreesClassifier)
SKOPS_DEFINE(ExtraTreesRegressor)
