// sklearn.ensemble.BaggingClassifier and BaggingRegressor: one kind of estimator, trained on parts
// of the rows and columns; answers are averaged.
#include <cmath>
#include <limits>

#include "define.hpp"
#include "linalg/elementwise.hpp"
#include "meta/columns.hpp"
#include "meta/responses.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

// The estimators with the columns each of them sees.
class Bag {
 public:
  explicit Bag(const Attributes& self) : features(self) {
    const Value list = self["estimators_"], columns = self["estimators_features_"];
    const std::size_t n = list.size();
    require(n > 0, "a bagging ensemble is empty");
    require(columns.size() == n, "estimators_features_ has not one entry per estimator");
    for (std::size_t k = 0; k < n; ++k) {
      estimators.emplace_back(list.item(k));
      auto& own = indices.emplace_back();
      for (const std::int64_t j : columns.item(k).vector<std::int64_t>()) {
        require(j >= 0 && (!features.known() || static_cast<std::size_t>(j) < features.count()),
                "a column of estimators_features_ is out of range");
        own.push_back(static_cast<std::size_t>(j));
      }
      bool all = features.known() && own.size() == features.count();
      for (std::size_t j = 0; all && j < own.size(); ++j) all = own[j] == j;
      whole.push_back(all);
    }
  }

  bool has(Method m) const {
    return std::all_of(estimators.begin(), estimators.end(),
                       [m](const EstimatorRef& e) { return e.has(m); });
  }

  // Calls f(k, response) for each estimator in order.
  template <class F>
  void each(Method m, const Input& x, const Options& options, F&& f) const {
    for (std::size_t k = 0; k < estimators.size(); ++k) {
      if (whole[k] && !x.is_table()) {
        f(k, meta::respond(estimators[k], m, x, options));
        continue;
      }
      const meta::Columns part(x, indices[k], false);
      f(k, meta::respond(estimators[k], m, part.input(), options));
    }
  }

  std::uint64_t work() const {
    std::uint64_t sum = 0;
    for (const EstimatorRef& e : estimators) meta::add_work(sum, e.work_per_row());
    return sum;
  }

  Features features;
  std::vector<EstimatorRef> estimators;
  std::vector<std::vector<std::size_t>> indices;
  std::vector<bool> whole;  // sees all columns in order
};

// A table of numbers as one matrix: inner estimators were trained on arrays without names.
class Plain {
 public:
  explicit Plain(const Input& x) : input_(x) {
    if (!x.is_table()) return;
    matrix_ = to_matrix<double>(x);
    shape_[0] = static_cast<std::int64_t>(x.rows());
    shape_[1] = static_cast<std::int64_t>(x.columns());
    strides_[0] = shape_[1] * 8;
    array_ = {sizeof array_, matrix_.data(), &dtype_of<double>, 2, shape_, strides_};
    raw_ = {sizeof raw_, SKOPS_INPUT_DENSE, 0,       x.rows(), x.columns(),
            &array_,     nullptr,           nullptr, nullptr};
    input_ = Input(&raw_);
  }
  Plain(const Plain&) = delete;
  Plain& operator=(const Plain&) = delete;
  const Input& input() const { return input_; }

 private:
  Input input_;
  Matrix<double> matrix_;
  std::int64_t shape_[2] = {}, strides_[2] = {8, 8};
  skops_array array_{};
  skops_input raw_{};
};

class BaggingClassifier final : public Estimator {
 public:
  static constexpr std::string_view type_name = "BaggingClassifier";

  explicit BaggingClassifier(const Attributes& self) : bag_(self), classes_(self["classes_"]) {
    require(classes_.size() > 0, "a classifier has no classes");
    proba_ = bag_.has(Method::predict_proba);
    if (!proba_ && !bag_.has(Method::predict)) unsupported("the inner estimators cannot predict");
    const Value list = self["estimators_"];
    for (std::size_t k = 0; k < bag_.estimators.size(); ++k) {
      inner_.push_back(meta::class_numbers(list.item(k), classes_.size()));
    }
  }

  std::vector<Method> methods() const override {
    std::vector<Method> out = {Method::predict, Method::predict_proba, Method::predict_log_proba};
    if (bag_.has(Method::decision_function)) out.push_back(Method::decision_function);
    return out;
  }

  void call(Method method, const Input& raw, const Options& options, Output& out) const override {
    options.only({});
    bag_.features.check(raw, type_name);
    const Plain plain(raw);
    const Input& x = plain.input();
    const std::size_t n = x.rows(), c = classes_.size();
    if (method == Method::decision_function) return decisions(x, options, out);
    const bool logs = method == Method::predict_log_proba && bag_.has(Method::predict_log_proba);
    const auto p = logs ? log_probabilities(x, options) : probabilities(x, options);
    if (method == Method::predict) {
      std::vector<std::size_t> labels(n);
      linalg::argmax_rows(p.data(), n, c, labels.data());
      return classes_.write(out, std::span<const std::size_t>(labels));
    }
    double* y = out.array<double>({n, c});
    const bool take_log = method == Method::predict_log_proba && !logs;
    for (std::size_t k = 0; k < n * c; ++k) y[k] = take_log ? std::log(p[k]) : p[k];
  }

  std::uint64_t work_per_row() const override { return bag_.work(); }

 private:
  std::vector<double> probabilities(const Input& x, const Options& options) const {
    const std::size_t n = x.rows(), c = classes_.size();
    std::vector<double> sum(n * c, 0.0);
    bag_.each(proba_ ? Method::predict_proba : Method::predict, x, options,
              [&](std::size_t k, const meta::Response& r) {
                if (!proba_) {
                  for (std::size_t i = 0; i < n; ++i) {
                    require(r.values[i] >= 0 && r.values[i] < static_cast<double>(c),
                            "a vote is out of range");
                    sum[i * c + static_cast<std::size_t>(r.values[i])] += 1;
                  }
                  return;
                }
                const auto& own = inner_[k];
                require(r.columns == own.size(), "an inner classifier has other classes");
                for (std::size_t i = 0; i < n; ++i) {
                  for (std::size_t j = 0; j < own.size(); ++j) {
                    sum[i * c + own[j]] += r.values[i * own.size() + j];
                  }
                }
              });
    for (double& value : sum) value /= static_cast<double>(bag_.estimators.size());
    return sum;
  }

  std::vector<double> log_probabilities(const Input& x, const Options& options) const {
    const std::size_t n = x.rows(), c = classes_.size();
    std::vector<double> sum(n * c, -std::numeric_limits<double>::infinity());
    bag_.each(Method::predict_log_proba, x, options, [&](std::size_t k, const meta::Response& r) {
      const auto& own = inner_[k];
      require(r.columns == own.size(), "an inner classifier has other classes");
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < own.size(); ++j) {
          double& to = sum[i * c + own[j]];
          to = log_add(to, r.values[i * own.size() + j]);
        }
      }
    });
    const double all = std::log(static_cast<double>(bag_.estimators.size()));
    for (double& value : sum) value -= all;
    return sum;
  }

  // numpy.logaddexp
  static double log_add(double a, double b) {
    if (a == b) return a + std::log(2.0);
    const double d = a - b;
    if (d > 0) return a + std::log1p(std::exp(-d));
    if (d <= 0) return b + std::log1p(std::exp(d));
    return d;
  }

  void decisions(const Input& x, const Options& options, Output& out) const {
    meta::Response sum;
    bag_.each(Method::decision_function, x, options, [&](std::size_t k, const meta::Response& r) {
      if (k == 0) {
        sum = r;
        return;
      }
      require(r.values.size() == sum.values.size(), "an inner classifier has other classes");
      for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += r.values[i];
    });
    double* y =
        sum.flat ? out.array<double>({sum.rows}) : out.array<double>({sum.rows, sum.columns});
    for (std::size_t i = 0; i < sum.values.size(); ++i) {
      y[i] = sum.values[i] / static_cast<double>(bag_.estimators.size());
    }
  }

  Bag bag_;
  Labels classes_;
  bool proba_ = false;
  std::vector<std::vector<std::size_t>> inner_;
};

class BaggingRegressor final : public Estimator {
 public:
  static constexpr std::string_view type_name = "BaggingRegressor";

  explicit BaggingRegressor(const Attributes& self) : bag_(self) {
    if (!bag_.has(Method::predict)) unsupported("the inner estimators cannot predict");
  }

  std::vector<Method> methods() const override { return {Method::predict}; }

  void call(Method, const Input& raw, const Options& options, Output& out) const override {
    options.only({});
    bag_.features.check(raw, type_name);
    const Plain plain(raw);
    meta::Response sum;
    bag_.each(Method::predict, plain.input(), options, [&](std::size_t k, const meta::Response& r) {
      if (k == 0) {
        sum = r;
        return;
      }
      require(r.values.size() == sum.values.size(), "an inner regressor has other outputs");
      for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += r.values[i];
    });
    double* y =
        sum.flat ? out.array<double>({sum.rows}) : out.array<double>({sum.rows, sum.columns});
    for (std::size_t i = 0; i < sum.values.size(); ++i) {
      y[i] = sum.values[i] / static_cast<double>(bag_.estimators.size());
    }
  }

  std::uint64_t work_per_row() const override { return bag_.work(); }

 private:
  Bag bag_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(BaggingClassifier)
SKOPS_DEFINE(BaggingRegressor)
