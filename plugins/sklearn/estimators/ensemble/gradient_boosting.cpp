// sklearn.ensemble.GradientBoostingClassifier and GradientBoostingRegressor.
//
// Raw predictions are those of the initial estimator plus learning_rate times each tree's number,
// in the order of the iterations, in float64.
#include <cmath>

#include "define.hpp"
#include "estimators/ensemble/boosting_responses.hpp"
#include "estimators/ensemble/boosting_start.hpp"
#include "estimators/shared/fitted_version.hpp"
#include "estimators/shared/object_nodes.hpp"
#include "estimators/tree/tree_ensemble.hpp"
#include "estimators/tree/tree_missing.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

// The trees of all iterations with their start.
class Boosting {
 public:
  Boosting(const Attributes& self, bool classifier)
      : features_(self),
        rate_(self["learning_rate"].real()),
        estimators_(iterations_of(self)),
        start_(self, classifier, targets()) {
    for (const Node& node : estimators_.nodes) {
      require_class(node, "sklearn.tree._classes", "DecisionTreeRegressor");
      const FittedTree& tree = tree_of(Attributes(node)["tree_"]);
      features_.assume(tree.n_features());
      require(tree.n_outputs() == 1 && tree.n_classes()[0] == 1,
              "a tree of a boosting model has more than one output");
      trees_.add(tree);
    }
    trees_.prepare(self.node().loading(), features_.count(), 1, targets(),
                   [this](std::size_t t, std::size_t node, double* out) {
                     *out = rate_ * trees_.tree(t).value(node);
                   });
    apply_missing_ = takes_missing(Attributes(estimators_.nodes[0]), false);
    estimators_.nodes.clear();
  }

  std::size_t targets() const { return estimators_.columns; }
  std::size_t iterations() const { return trees_.size() / targets(); }
  std::uint64_t work() const { return trees_.work() + start_.work(); }
  // The rows that a method takes: `apply` only asks whether a tree takes missing values.
  TreeRows rows(Method method, const Input& x, std::string_view name) const {
    const bool missing = method == Method::apply && apply_missing_;
    return TreeRows(features_, x, name, missing ? Finite::allow_nan : Finite::required);
  }

  void sum(const TreeRows& rows, const Input& x, const Options& options, double* raw) const {
    start_.fill(x, options, raw);
    trees_.add_to(rows, 0, trees_.size(), options.threads(), raw);
  }
  // Calls stage(raw) after every iteration.
  template <class Stage>
  void stages(const TreeRows& rows, const Input& x, const Options& options, Stage&& stage) const {
    std::vector<double> raw(rows.size() * targets());
    start_.fill(x, options, raw.data());
    for (std::size_t i = 0; i < iterations(); ++i) {
      trees_.add_to(rows, i * targets(), (i + 1) * targets(), options.threads(), raw.data());
      stage(raw.data());
    }
  }
  void leaves(const TreeRows& rows, std::size_t threads, double* out) const {
    trees_.leaves(rows, threads, out);
  }

 private:
  // Checked before the start is made, which has one number per tree of an iteration.
  static ObjectNodes iterations_of(const Attributes& self) {
    ObjectNodes out = object_nodes(self, "estimators_");
    require(!out.nodes.empty(), "a boosting model has no trees");
    return out;
  }

  Features features_;
  double rate_;
  bool apply_missing_ = false;
  ObjectNodes estimators_;
  BoostingStart start_;
  TreeEnsemble trees_;
};

class GradientBoostingRegressor final : public Estimator {
 public:
  static constexpr std::string_view type_name = "GradientBoostingRegressor";

  explicit GradientBoostingRegressor(const Attributes& self) : trees_(self, false) {
    require(trees_.targets() == 1, "a boosting regressor has one tree per iteration");
  }

  std::vector<Method> methods() const override {
    return {Method::predict, Method::apply, Method::staged_predict};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const TreeRows rows = trees_.rows(method, x, type_name);
    const std::size_t n = rows.size();
    if (method == Method::predict) return trees_.sum(rows, x, options, out.array<double>({n}));
    if (method == Method::apply) {
      return trees_.leaves(rows, options.threads(), out.array<double>({n, trees_.iterations()}));
    }
    out.begin_list();
    trees_.stages(rows, x, options,
                  [&](const double* raw) { std::copy_n(raw, n, out.array<double>({n})); });
    out.end();
  }

  std::uint64_t work_per_row() const override { return trees_.work(); }

 private:
  Boosting trees_;
};

class GradientBoostingClassifier final : public Estimator {
 public:
  static constexpr std::string_view type_name = "GradientBoostingClassifier";

  explicit GradientBoostingClassifier(const Attributes& self)
      : trees_(self, true), responses_(Labels(self["classes_"]), trees_.targets()) {
    const bool exponential = self["loss"].text() == "exponential";
    require(!exponential || trees_.targets() == 1, "the exponential loss is for two classes");
    responses_.slope = exponential ? 2.0 : 1.0;
    // Before 1.4 the larger probability decided, and equal ones meant the first class.
    responses_.zero_is_second = exponential || fitted_since(self, 1, 4);
  }

  std::vector<Method> methods() const override {
    return {Method::predict,
            Method::predict_proba,
            Method::predict_log_proba,
            Method::decision_function,
            Method::apply,
            Method::staged_predict,
            Method::staged_predict_proba,
            Method::staged_decision_function};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const TreeRows rows = trees_.rows(method, x, type_name);
    const std::size_t n = rows.size(), k = trees_.targets();
    if (method == Method::apply) {
      return trees_.leaves(rows, options.threads(), out.array<double>({n, trees_.iterations(), k}));
    }
    if (const auto whole = BoostingResponses::unstaged(method)) {
      out.begin_list();
      trees_.stages(rows, x, options, [&](const double* raw) {
        // Scores of stages keep their second axis.
        if (*whole == Method::decision_function) {
          std::copy_n(raw, n * k, out.array<double>({n, k}));
        } else {
          responses_.write(*whole, raw, n, out);
        }
      });
      return out.end();
    }
    std::vector<double> raw(n * k);
    trees_.sum(rows, x, options, raw.data());
    responses_.write(method, raw.data(), n, out);
  }

  std::uint64_t work_per_row() const override { return trees_.work(); }

 private:
  Boosting trees_;
  BoostingResponses responses_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(GradientBoostingRegressor)
SKOPS_DEFINE(GradientBoostingClassifier)
