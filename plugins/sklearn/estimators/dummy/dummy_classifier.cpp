// sklearn.dummy.DummyClassifier with the strategies that do not draw random numbers: prior,
// most_frequent and constant; uniform has probabilities only.
#include <algorithm>
#include <cmath>
#include <string>

#include "define.hpp"
#include "estimators/dummy/constant_response.hpp"
#include "linalg/elementwise.hpp"
#include "text/utf8.hpp"

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
      if (!classes_.is_number() && !classes_.text(label_).empty()) return write_text(n, out);
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
  // An array that NumPy makes of this text alone: as wide as it is, also where classes_ is wider or
  // an array of objects.
  void write_text(std::size_t n, Output& out) const {
    const std::string label = classes_.text(label_);
    std::u32string points;
    for (const char* p = label.data(); p < label.data() + label.size();) {
      points += text::next_point(p);
    }
    const skops_dtype dtype = {sizeof(skops_dtype), 'U', 0, 4 * points.size(), 0, nullptr};
    const std::int64_t shape[] = {static_cast<std::int64_t>(n)};
    auto* y = static_cast<char32_t*>(out.array(dtype, shape));
    for (std::size_t i = 0; i < n; ++i) y = std::copy(points.begin(), points.end(), y);
  }

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
