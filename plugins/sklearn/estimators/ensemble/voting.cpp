// sklearn.ensemble.VotingClassifier (hard and soft) and VotingRegressor.
#include "define.hpp"
#include "linalg/elementwise.hpp"
#include "meta/responses.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;
using meta::respond;

// The fitted estimators and the weights of those that were not dropped.
struct Members {
  std::vector<EstimatorRef> estimators;
  std::vector<double> weights;  // empty: equal

  Members(const Attributes& self, const std::vector<Method>& needed) {
    const Value list = self["estimators_"];
    for (std::size_t k = 0, n = list.size(); k < n; ++k) {
      estimators.emplace_back(list.item(k));
      for (const Method m : needed) {
        if (!estimators.back().has(m)) {
          unsupported(std::string(estimators.back().name()) + " has no native '" +
                      std::string(name_of(m)) + "'");
        }
      }
    }
    require(!estimators.empty(), "a vote has no estimators");
    const Value given = self.get("weights");
    if (given.is_none()) return;
    const auto all = given.vector<double>();
    if (all.size() == estimators.size()) {
      weights = all;
      return;
    }
    // Some were dropped: their weights are left out.
    const Value named = self["estimators"];
    require(all.size() == named.size(), "a vote has not as many weights as estimators");
    for (std::size_t k = 0; k < all.size(); ++k) {
      if (!is_dropped(named.item(k))) weights.push_back(all[k]);
    }
    require(weights.size() == estimators.size(), "a vote has not as many weights as estimators");
  }

  // The named estimators are the unfitted ones, which need not have native code to be looked at.
  static bool is_dropped(const Value& pair) {
    try {
      const Value estimator = pair.item(1);
      return estimator.is_none() || (estimator.is_string() && estimator.text() == "drop");
    } catch (const Reported&) {
      return false;
    }
  }

  double weight(std::size_t k) const { return weights.empty() ? 1.0 : weights[k]; }
  double total() const {
    double sum = 0;
    for (std::size_t k = 0; k < estimators.size(); ++k) sum += weight(k);
    return sum;
  }
  std::uint64_t work() const {
    std::uint64_t sum = 0;
    for (const EstimatorRef& e : estimators) meta::add_work(sum, e.work_per_row());
    return sum;
  }
};

class VotingClassifier final : public Estimator {
 public:
  static constexpr std::string_view type_name = "VotingClassifier";

  explicit VotingClassifier(const Attributes& self)
      : features_(self),
        soft_(self["voting"].text() == "soft"),
        flatten_(self.boolean("flatten_transform", true)),
        members_(self, {soft_ ? Method::predict_proba : Method::predict}),
        classes_(self.has("classes_") ? self["classes_"] : self["le_"]["classes_"]) {
    require(classes_.size() > 0, "a classifier has no classes");
  }

  std::vector<Method> methods() const override {
    if (soft_) return {Method::predict, Method::predict_proba, Method::transform};
    return {Method::predict, Method::transform};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const std::size_t n = x.rows(), c = classes_.size();
    if (method == Method::transform)
      return soft_ ? probas(x, options, out) : votes(x, options, out);
    if (method == Method::predict_proba) {
      const auto p = average(x, options);
      std::copy(p.begin(), p.end(), out.array<double>({n, c}));
      return;
    }
    std::vector<std::size_t> labels(n);
    if (soft_) {
      const auto p = average(x, options);
      linalg::argmax_rows(p.data(), n, c, labels.data());
    } else {
      std::vector<double> counts(n * c, 0.0);
      for (std::size_t k = 0; k < members_.estimators.size(); ++k) {
        const auto votes = numbers(k, x, options);
        for (std::size_t i = 0; i < n; ++i) counts[i * c + votes[i]] += members_.weight(k);
      }
      linalg::argmax_rows(counts.data(), n, c, labels.data());
    }
    classes_.write(out, std::span<const std::size_t>(labels));
  }

  std::uint64_t work_per_row() const override { return members_.work(); }

 private:
  // Class numbers that estimator k votes for.
  std::vector<std::size_t> numbers(std::size_t k, const Input& x, const Options& options) const {
    const auto response = respond(members_.estimators[k], Method::predict, x, options);
    std::vector<std::size_t> out(response.rows);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double v = response.values[i];
      require(v >= 0 && v < static_cast<double>(classes_.size()), "a vote is out of range");
      out[i] = static_cast<std::size_t>(v);
    }
    return out;
  }

  meta::Response proba(std::size_t k, const Input& x, const Options& options) const {
    auto response = respond(members_.estimators[k], Method::predict_proba, x, options);
    require(response.columns == classes_.size(), "an inner classifier has other classes");
    return response;
  }

  std::vector<double> average(const Input& x, const Options& options) const {
    std::vector<double> sum(x.rows() * classes_.size(), 0.0);
    for (std::size_t k = 0; k < members_.estimators.size(); ++k) {
      const auto p = proba(k, x, options);
      const double w = members_.weight(k);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += p.values[i] * w;
    }
    const double total = members_.total();
    for (double& value : sum) value /= total;
    return sum;
  }

  void probas(const Input& x, const Options& options, Output& out) const {
    const std::size_t n = x.rows(), c = classes_.size(), m = members_.estimators.size();
    double* y = flatten_ ? out.array<double>({n, m * c}) : out.array<double>({m, n, c});
    for (std::size_t k = 0; k < m; ++k) {
      const auto p = proba(k, x, options);
      for (std::size_t i = 0; i < n; ++i) {
        double* to = flatten_ ? y + (i * m + k) * c : y + (k * n + i) * c;
        std::copy_n(&p.values[i * c], c, to);
      }
    }
  }

  void votes(const Input& x, const Options& options, Output& out) const {
    const std::size_t n = x.rows(), m = members_.estimators.size();
    auto* y = out.array<std::int64_t>({n, m});
    for (std::size_t k = 0; k < m; ++k) {
      const auto votes = numbers(k, x, options);
      for (std::size_t i = 0; i < n; ++i) y[i * m + k] = static_cast<std::int64_t>(votes[i]);
    }
  }

  Features features_;
  bool soft_, flatten_;
  Members members_;
  Labels classes_;
};

class VotingRegressor final : public Estimator {
 public:
  static constexpr std::string_view type_name = "VotingRegressor";

  explicit VotingRegressor(const Attributes& self) : members_(self, {Method::predict}) {}

  std::vector<Method> methods() const override { return {Method::predict, Method::transform}; }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const std::size_t n = x.rows(), m = members_.estimators.size();
    std::vector<double> all(n * m);
    for (std::size_t k = 0; k < m; ++k) {
      const auto response = respond(members_.estimators[k], Method::predict, x, options);
      require(response.columns == 1, "an inner regressor has several outputs");
      for (std::size_t i = 0; i < n; ++i) all[i * m + k] = response.values[i];
    }
    if (method == Method::transform) {
      std::copy(all.begin(), all.end(), out.array<double>({n, m}));
      return;
    }
    double* y = out.array<double>({n});
    const double total = members_.total();
    for (std::size_t i = 0; i < n; ++i) {
      double sum = 0;
      for (std::size_t k = 0; k < m; ++k) sum += all[i * m + k] * members_.weight(k);
      y[i] = sum / total;
    }
  }

  std::uint64_t work_per_row() const override { return members_.work(); }

 private:
  Members members_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(VotingClassifier)
SKOPS_DEFINE(VotingRegressor)
