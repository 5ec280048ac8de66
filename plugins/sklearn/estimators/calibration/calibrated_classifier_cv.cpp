// sklearn.calibration.CalibratedClassifierCV: decision values of inner classifiers, mapped to
// probabilities by sigmoids, isotonic regressions or one temperature, averaged over the folds.
#include <cmath>

#include "define.hpp"
#include "linalg/elementwise.hpp"
#include "meta/responses.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

// One map from a decision value to a probability.
struct Calibrator {
  // Sigmoid: 1 / (1 + exp(a t + b)).
  bool sigmoid = true;
  double a = 0, b = 0;
  // Isotonic: linear between thresholds, clipped to them.
  std::vector<double> x, y;
  bool clip = true;
  double least = 0, most = 0;

  explicit Calibrator(const Value& self) {
    if (self.has("a_")) {
      a = self["a_"].real();
      b = self["b_"].real();
      return;
    }
    sigmoid = false;
    x = self["X_thresholds_"].vector<double>();
    y = self["y_thresholds_"].vector<double>(x.size(), "y_thresholds_");
    require(!x.empty(), "an isotonic regression has no thresholds");
    for (std::size_t k = 1; k < x.size(); ++k) {
      require(x[k - 1] <= x[k], "the thresholds of an isotonic regression decrease");
    }
    least = self["X_min_"].real();
    most = self["X_max_"].real();
    const std::string bounds = self["out_of_bounds"].text();
    clip = bounds == "clip";
    require(clip || bounds == "nan" || bounds == "raise", "out_of_bounds has an unknown value");
  }

  double operator()(double t) const {
    if (sigmoid) return 1.0 / (1.0 + std::exp(a * t + b));
    if (clip) t = std::min(std::max(t, least), most);
    if (x.size() == 1) return y[0];
    if (std::isnan(t) || t < x.front() || t > x.back()) return std::nan("");
    const auto above = std::upper_bound(x.begin(), x.end(), t);
    const std::size_t i =
        above == x.end() ? x.size() - 1 : static_cast<std::size_t>(above - x.begin());
    if (t == x[i]) return y[i];
    const double slope = (y[i] - y[i - 1]) / (x[i] - x[i - 1]);
    return slope * (t - x[i - 1]) + y[i - 1];
  }
};

// One fold: an inner classifier and its calibrators.
struct Fold {
  EstimatorRef estimator;
  bool decisions = false;  // decision_function, otherwise predict_proba
  bool temperature = false;
  double beta = 1;
  std::vector<Calibrator> calibrators;
  std::vector<std::size_t> columns;  // of the result, one per calibrator
};

class CalibratedClassifierCV final : public Estimator {
 public:
  static constexpr std::string_view type_name = "CalibratedClassifierCV";

  explicit CalibratedClassifierCV(const Attributes& self) : classes_(self["classes_"]) {
    require(classes_.size() >= 2, "a calibrated classifier needs two classes");
    const Value list = self["calibrated_classifiers_"];
    for (std::size_t k = 0, n = list.size(); k < n; ++k) folds_.push_back(read(list.item(k)));
    require(!folds_.empty(), "a calibrated classifier has no folds");
  }

  std::vector<Method> methods() const override { return {Method::predict, Method::predict_proba}; }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const std::size_t n = x.rows(), c = classes_.size();
    std::vector<double> mean(n * c, 0.0);
    for (const Fold& fold : folds_) {
      const auto p = probabilities(fold, x, options);
      for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += p[k];
    }
    for (double& value : mean) value /= static_cast<double>(folds_.size());
    if (method == Method::predict_proba) {
      std::copy(mean.begin(), mean.end(), out.array<double>({n, c}));
      return;
    }
    std::vector<std::size_t> labels(n);
    linalg::argmax_rows(mean.data(), n, c, labels.data());
    classes_.write(out, std::span<const std::size_t>(labels));
  }

  std::uint64_t work_per_row() const override {
    std::uint64_t sum = 1;
    for (const Fold& fold : folds_) meta::add_work(sum, fold.estimator.work_per_row());
    return sum;
  }

 private:
  Fold read(const Value& self) const {
    Fold fold;
    // `base_estimator` until 1.1.
    const Value estimator = self.has("estimator") ? self["estimator"] : self["base_estimator"];
    fold.estimator = EstimatorRef(estimator);
    fold.decisions = fold.estimator.has(Method::decision_function);
    if (!fold.decisions && !fold.estimator.has(Method::predict_proba)) {
      unsupported("the calibrated " + std::string(fold.estimator.name()) +
                  " has neither decision_function nor predict_proba");
    }
    const Value calibrators = self["calibrators"];
    const std::string method = self["method"].text();
    if (method == "temperature") {
      require(calibrators.size() == 1, "one temperature is expected");
      fold.temperature = true;
      fold.beta = calibrators.item(0)["beta_"].real();
      return fold;
    }
    require(method == "sigmoid" || method == "isotonic", "an unknown method of calibration");
    for (std::size_t k = 0, n = calibrators.size(); k < n; ++k) {
      fold.calibrators.emplace_back(calibrators.item(k));
    }
    if (classes_.size() == 2) {
      require(fold.calibrators.size() == 1, "a binary classifier has one calibrator");
      fold.columns = {1};
      return fold;
    }
    // Where the inner classifier's classes stand among all.
    const Labels inner(inner_classes(estimator));
    require(fold.calibrators.size() == inner.size(), "there is not one calibrator per class");
    for (std::size_t k = 0; k < inner.size(); ++k) fold.columns.push_back(position(inner, k));
    return fold;
  }

  // A pipeline or search has no classes_ of its own in its state.
  static Value inner_classes(Value estimator) {
    for (int depth = 0; depth < 100; ++depth) {
      if (estimator.has("classes_")) return estimator["classes_"];
      if (estimator.has("best_estimator_")) {
        estimator = estimator["best_estimator_"];
      } else if (estimator.has("steps")) {
        const Value steps = estimator["steps"];
        require(steps.size() > 0, "a Pipeline has no steps");
        estimator = steps.item(steps.size() - 1).item(1);
      } else if (estimator.has("estimator")) {
        estimator = estimator["estimator"];  // FrozenEstimator
      } else if (estimator.has("_label_binarizer")) {
        return estimator["_label_binarizer"]["classes_"];
      } else {
        break;
      }
    }
    unsupported("the classes of the calibrated estimator are not known");
  }

  std::size_t position(const Labels& inner, std::size_t k) const {
    for (std::size_t j = 0; j < classes_.size(); ++j) {
      if (inner.same(k, classes_, j)) return j;
    }
    malformed("an inner classifier knows a class that the calibrated one does not");
  }

  std::vector<double> probabilities(const Fold& fold, const Input& x,
                                    const Options& options) const {
    const std::size_t n = x.rows(), c = classes_.size();
    auto r = meta::respond(fold.estimator,
                           fold.decisions ? Method::decision_function : Method::predict_proba, x,
                           options);
    std::vector<double> p(n * c, 0.0);
    if (fold.temperature) {
      temperature(fold, r, p);
    } else {
      // Binary probabilities: the column of the second class.
      const bool second = c == 2 && r.columns == 2;
      require(second || r.columns == fold.calibrators.size(),
              "an inner classifier has another number of outputs");
      for (std::size_t k = 0; k < fold.calibrators.size(); ++k) {
        const std::size_t from = second ? 1 : k;
        for (std::size_t i = 0; i < n; ++i) {
          p[i * c + fold.columns[k]] = fold.calibrators[k](r.values[i * r.columns + from]);
        }
      }
      normalize(p, n);
    }
    for (double& value : p) {
      if (value > 1.0 && value <= 1.0 + 1e-5) value = 1.0;
    }
    return p;
  }

  void normalize(std::vector<double>& p, std::size_t n) const {
    const std::size_t c = classes_.size();
    for (std::size_t i = 0; i < n; ++i) {
      double* row = &p[i * c];
      if (c == 2) {
        row[0] = 1.0 - row[1];
        continue;
      }
      double sum = 0;
      for (std::size_t k = 0; k < c; ++k) sum += row[k];
      for (std::size_t k = 0; k < c; ++k) row[k] = sum != 0 ? row[k] / sum : 1.0 / double(c);
    }
  }

  // Softmax of beta times logits; probabilities become logits by log(p + eps) where the whole
  // batch looks like probabilities.
  void temperature(const Fold& fold, const meta::Response& r, std::vector<double>& p) const {
    const std::size_t n = r.rows, c = classes_.size();
    std::vector<double> logits(n * c);
    if (c == 2 && r.columns == 1) {
      for (std::size_t i = 0; i < n; ++i) {
        logits[2 * i] = -r.values[i];
        logits[2 * i + 1] = r.values[i];
      }
    } else {
      require(r.columns == c, "an inner classifier has another number of outputs");
      logits = r.values;
      // scikit-learn takes the second column p of a binary predict_proba and rebuilds 1 - p.
      if (c == 2 && !fold.decisions) {
        for (std::size_t i = 0; i < n; ++i) logits[2 * i] = 1.0 - logits[2 * i + 1];
      }
      bool proba = true;
      for (std::size_t i = 0; proba && i < n; ++i) {
        double sum = 0;
        for (std::size_t k = 0; k < c; ++k) {
          const double v = logits[i * c + k];
          proba &= v >= 0 && v <= 1;
          sum += v;
        }
        proba &= std::abs(sum - 1.0) <= 1e-8 + 1e-5;
      }
      if (proba) {
        for (double& v : logits) v = std::log(v + 1e-12);
      }
    }
    for (std::size_t i = 0; i < n; ++i) {
      const double* row = &logits[i * c];
      double top = fold.beta * row[0], sum = 0;
      for (std::size_t k = 1; k < c; ++k) top = std::max(top, fold.beta * row[k]);
      for (std::size_t k = 0; k < c; ++k) sum += p[i * c + k] = std::exp(fold.beta * row[k] - top);
      for (std::size_t k = 0; k < c; ++k) p[i * c + k] /= sum;
    }
  }

  Labels classes_;
  std::vector<Fold> folds_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(CalibratedClassifierCV)
