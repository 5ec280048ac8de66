// sklearn.ensemble.IsolationForest: a row that few random splits isolate is an outlier.
//
// A leaf counts the nodes on its path, plus the average path length of an unsuccessful search among
// the samples that it was left with (Liu, Ting, Zhou 2008, equation 1), minus one. The score is
// 2^(-mean of these / the same length of all samples); scikit-learn's sign is turned.
#include <cmath>
#include <numbers>

#include "define.hpp"
#include "estimators/shared/fitted_version.hpp"
#include "estimators/shared/object_nodes.hpp"
#include "estimators/tree/tree_ensemble.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

double average_path_length(std::int64_t samples) {
  if (samples <= 1) return 0;
  if (samples == 2) return 1;
  const auto n = static_cast<double>(samples);
  return 2.0 * (std::log(n - 1.0) + std::numbers::egamma) - 2.0 * (n - 1.0) / n;
}

class IsolationForest final : public Estimator {
 public:
  static constexpr std::string_view type_name = "IsolationForest";

  explicit IsolationForest(const Attributes& self)
      : features_(self), offset_(self["offset_"].real()) {
    require(features_.known(), "n_features_in_ is missing");
    const ObjectNodes estimators = object_nodes(self, "estimators_");
    const Value columns = self["estimators_features_"];
    require(estimators.columns == 1 && !estimators.nodes.empty(), "a forest has no trees");
    require(columns.size() == estimators.nodes.size(),
            "estimators_features_ has not one entry per tree");
    for (std::size_t t = 0; t < estimators.nodes.size(); ++t) {
      require_class(estimators.nodes[t], "sklearn.tree._classes", "ExtraTreeRegressor");
      const FittedTree& tree = tree_of(Attributes(estimators.nodes[t])["tree_"]);
      trees_.add(tree, columns_of(columns.item(t), tree));
    }
    std::vector<std::vector<std::uint32_t>> depths(trees_.size());
    for (std::size_t t = 0; t < depths.size(); ++t)
      depths[t] = trees::node_depths(trees_.tree(t).nodes());
    trees_.prepare(
        self.node().loading(), features_.count(), 1, 1,
        [this, depths = std::move(depths)](std::size_t t, std::size_t node, double* out) {
          const double nodes = depths[t][node] + 1.0;
          const auto samples = trees_.tree(t).nodes().samples(node);
          *out = nodes + average_path_length(samples) - 1.0;
        });
    const std::int64_t samples = self["_max_samples"].integer();
    require(samples >= 0, "_max_samples is negative");
    denominator_ = static_cast<double>(trees_.size()) * average_path_length(samples);
    // Missing values and infinities: not trained for, but compared like others since 1.6.
    finite_ = fitted_since(self, 1, 6) ? Finite::any : Finite::required;
  }

  std::vector<Method> methods() const override {
    return {Method::predict, Method::decision_function, Method::score_samples};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const TreeRows rows(features_, x, type_name, finite_);
    const std::size_t n = rows.size();
    if (method != Method::predict) {
      double* y = out.array<double>({n});
      scores(rows, options.threads(), y);
      if (method == Method::decision_function) {
        for (std::size_t i = 0; i < n; ++i) y[i] -= offset_;
      }
      return;
    }
    const auto score = std::make_unique_for_overwrite<double[]>(n);
    scores(rows, options.threads(), score.get());
    auto* y = out.array<std::int64_t>({n});
    for (std::size_t i = 0; i < n; ++i) y[i] = score[i] - offset_ < 0 ? -1 : 1;
  }

  std::uint64_t work_per_row() const override { return trees_.work(); }

 private:
  // The features of the input that a tree was trained on; empty where it has all, in order.
  std::vector<std::uint32_t> columns_of(const Value& list, const FittedTree& tree) const {
    std::vector<std::uint32_t> out;
    for (const std::int64_t j : list.vector<std::int64_t>()) {
      require(j >= 0 && static_cast<std::size_t>(j) < features_.count(),
              "a column of estimators_features_ is out of range");
      out.push_back(static_cast<std::uint32_t>(j));
    }
    require(out.size() == tree.n_features(), "a tree has not one feature per column of its own");
    bool all = out.size() == features_.count();
    for (std::size_t j = 0; all && j < out.size(); ++j) all = out[j] == j;
    return all ? std::vector<std::uint32_t>() : out;
  }

  void scores(const TreeRows& rows, std::size_t threads, double* y) const {
    std::fill_n(y, rows.size(), 0.0);
    trees_.add_to(rows, 0, trees_.size(), threads, y);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      y[i] = -std::exp2(-(denominator_ != 0 ? y[i] / denominator_ : 1.0));
    }
  }

  Features features_;
  double offset_, denominator_ = 0;
  Finite finite_ = Finite::required;
  TreeEnsemble trees_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(IsolationForest)
