// sklearn.dummy.DummyClassifier with the strategies that do not draw random numbers: prior,
// most_frequent and constant; uniform has probabilities only.
#include <cmath>

#include "define.hpp"
#include "estimators/dummy/constant_response.hpp"
#include "linalg/elementwise.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class DummyClassifier final : public Estimator {
 public:
  static constexpr std::string_view type_name = "DummyClassifier";

  explicit DummyClassifier(const Attributes& self) {
    if (self["n_outputs_"].integer() != 1) unsupported("a DummyClassifier of several outputs");
    if (self.boolean("sparse_output_", false)) unsupported("a DummyClassifier of sparse targets");
    classes_ = Labels(self["classes_"]);
    const std::size_t n = classes_.size();
    require(n > 0, "a classifier has no classes");
    prior_ = self["class_prior_"].vector<double>(n, "class_prior_");
    const std::string strategy = self["_strategy"].text();
    if (strategy == "stratified") {
      unsupported("a DummyClassifier that draws random answers");
    } else if (strategy == "uniform") {
      random_labels_ = true;
      prior_.assign(n, 1.0 / static_cast<double>(n));
    } else if (strategy == "constant") {
      choose(constant_class(self["constant"]));
    } else if (strategy == "most_frequent") {
      choose(most_probable());
    } else if (strategy != "prior") {
      unsupported("the strategy '" + strategy + "'");
    }
    label_ = most_probable();
  }

  std::vector<Method> methods() const override {
    if (random_labels_) return {Method::predict_proba, Method::predict_log_proba};
    return {Method::predict, Method::predict_proba, Method::predict_log_proba};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const std::size_t n = x.rows(), c = classes_.size();
    if (method == Method::predict) {
      const std::vector<std::size_t> chosen(n, label_);
      return classes_.write(out, std::span<const std::size_t>(chosen));
    }
    double* p = out.array<double>({n, c});
    for (std::size_t k = 0; k < n * c; ++k) {
      p[k] = method == Method::predict_log_proba ? std::log(prior_[k % c]) : prior_[k % c];
    }
  }

  std::uint64_t work_per_row() const override { return classes_.size(); }
  const void* part(std::string_view name) const override {
    return name == "constant response" ? &prior_ : nullptr;
  }

 private:
  std::size_t most_probable() const {
    std::size_t label = 0;
    linalg::argmax_rows(prior_.data(), 1, prior_.size(), &label);
    return label;
  }

  void choose(std::size_t label) {
    prior_.assign(classes_.size(), 0.0);
    prior_[label] = 1.0;
  }

  // `constant` is one label, also as a list or array of one.
  std::size_t constant_class(const Value& constant) const {
    const bool listed =
        constant.is_container() || (constant.is(Kind::array) && constant.array().ndim() > 0);
    const bool texts = !classes_.is_number() && !classes_.text(0).empty();
    std::string text;
    double number = 0;
    if (texts) {
      const auto all = listed ? constant.texts() : std::vector<std::string>{constant.text()};
      require(all.size() == 1, "the constant of a DummyClassifier is not one label");
      text = all[0];
    } else {
      const auto all = listed ? constant.vector<double>() : std::vector<double>{constant.real()};
      require(all.size() == 1, "the constant of a DummyClassifier is not one label");
      number = all[0];
    }
    for (std::size_t k = 0; k < classes_.size(); ++k) {
      if (texts ? classes_.text(k) == text : classes_.number(k) == number) return k;
    }
    malformed("the constant of a DummyClassifier is none of its classes");
  }

  Labels classes_;
  std::vector<double> prior_;
  std::size_t label_ = 0;
  bool random_labels_ = false;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(DummyClassifier)
