// sklearn.svm.SVC and NuSVC: one-vs-one votes, decision values as pairs or one-vs-rest,
// probabilities by pairwise coupling where the model was fitted with probability=True.
//
// decision_function: (n,) for two classes, else (n, n_classes) or (n, n(n-1)/2), float64.
// predict_proba, predict_log_proba: (n, n_classes), float64.
#include <algorithm>
#include <cmath>
#include <optional>

#include "estimators/svm/libsvm_model.hpp"
#include "kernels/svm_votes.hpp"
#include "linalg/elementwise.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class SupportVectorClassifier : public Estimator {
 public:
  SupportVectorClassifier(const Attributes& self, std::string_view name)
      : classes_(self["classes_"]), model_(self, name, checked_size(classes_)) {
    const std::string shape = self.text("decision_function_shape", "ovr");
    require(shape == "ovr" || shape == "ovo", "decision_function_shape must be 'ovr' or 'ovo'");
    one_vs_rest_ = shape == "ovr";
    break_ties_ = self.boolean("break_ties", false);
    // Since 1.9 the parameter's default is the text "deprecated", which stands for False.
    const Value probability = self.get("probability");
    const bool wanted = !probability.is_none() && !probability.is_string() && probability.boolean();
    if (wanted && !model_.prob_a().empty()) {
      coupling_.emplace(model_.prob_a(), model_.prob_b(), classes_.size());
    }
  }

  std::vector<Method> methods() const override {
    if (!coupling_) return {Method::predict, Method::decision_function};
    return {Method::predict, Method::decision_function, Method::predict_proba,
            Method::predict_log_proba};
  }

  std::uint64_t work_per_row() const override {
    const std::uint64_t n = classes_.size();
    const std::uint64_t rounds = std::max<std::uint64_t>(100, n);
    return model_.work_per_row() + n * n * (coupling_ ? 2 * rounds : 1);
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (method == Method::predict && break_ties_ && !one_vs_rest_) {
      bad_input("break_ties must be False when decision_function_shape is 'ovo'");
    }
    const auto rows = model_.rows(x);
    switch (method) {
      case Method::predict: return predict(rows, out);
      case Method::decision_function: return decision_function(rows, out);
      default: return probabilities(rows, method == Method::predict_log_proba, out);
    }
  }

 private:
  static std::size_t checked_size(const Labels& classes) {
    require(classes.size() >= 2 && classes.size() <= 65536, "classes_ must hold two or more");
    return classes.size();
  }

  // Calls f(row, its decision values).
  template <class F>
  void each_row(const LibsvmModel::Rows& rows, F f) const {
    const std::size_t pairs = model_.n_decisions();
    model_.each_block(rows, [&](std::size_t first, std::size_t n, const double* values) {
      for (std::size_t i = 0; i < n; ++i) f(first + i, std::span(values + i * pairs, pairs));
    });
  }

  void predict(const LibsvmModel::Rows& rows, Output& out) const {
    const std::size_t k = classes_.size();
    const bool by_confidence = break_ties_ && k > 2;
    std::vector<std::size_t> label(rows.count);
    std::vector<double> values(by_confidence ? k : 0);
    each_row(rows, [&](std::size_t i, std::span<const double> pairs) {
      if (by_confidence) {
        kernels::one_vs_rest(pairs, k, values.data());
        linalg::argmax_rows(values.data(), 1, k, &label[i]);
      } else {
        label[i] = kernels::vote(pairs, k);
      }
    });
    classes_.write(out, std::span<const std::size_t>(label));
  }

  void decision_function(const LibsvmModel::Rows& rows, Output& out) const {
    const std::size_t k = classes_.size(), n_pairs = model_.n_decisions();
    if (k == 2) {
      // scikit-learn's sign: positive for the second class.
      double* y = out.array<double>({rows.count});
      each_row(rows, [&](std::size_t i, std::span<const double> pairs) { y[i] = -pairs[0]; });
    } else if (one_vs_rest_) {
      double* y = out.array<double>({rows.count, k});
      each_row(rows, [&](std::size_t i, std::span<const double> pairs) {
        kernels::one_vs_rest(pairs, k, y + i * k);
      });
    } else {
      double* y = out.array<double>({rows.count, n_pairs});
      model_.decisions(rows, 0, rows.count, y);
    }
  }

  void probabilities(const LibsvmModel::Rows& rows, bool logarithms, Output& out) const {
    const std::size_t k = classes_.size();
    double* y = out.array<double>({rows.count, k});
    kernels::PairwiseCoupling::Scratch scratch;
    each_row(rows, [&](std::size_t i, std::span<const double> pairs) {
      coupling_->probabilities(pairs, scratch, y + i * k);
    });
    if (!logarithms) return;
    for (std::size_t i = 0; i < rows.count * k; ++i) y[i] = std::log(y[i]);
  }

  Labels classes_;
  LibsvmModel model_;
  bool one_vs_rest_ = true, break_ties_ = false;
  std::optional<kernels::PairwiseCoupling> coupling_;
};

struct SVC final : SupportVectorClassifier {
  static constexpr std::string_view type_name = "SVC";
  explicit SVC(const Attributes& self) : SupportVectorClassifier(self, type_name) {}
};
struct NuSVC final : SupportVectorClassifier {
  static constexpr std::string_view type_name = "NuSVC";
  explicit NuSVC(const Attributes& self) : SupportVectorClassifier(self, type_name) {}
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(SVC)
SKOPS_DEFINE(NuSVC)
