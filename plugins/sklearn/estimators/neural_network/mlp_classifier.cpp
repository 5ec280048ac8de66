// sklearn.neural_network.MLPClassifier: binary (one output), multi-class (one a class) and
// multi-label (one a label, thresholded at 1/2), as its fitted LabelBinarizer says.
#include "estimators/neural_network/multilayer_perceptron.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class MLPClassifier final : public Estimator {
 public:
  static constexpr std::string_view type_name = "MLPClassifier";

  explicit MLPClassifier(const Attributes& self)
      : features_(self), network_(self, features_), labels_(self["classes_"]) {
    const std::string type = self["_label_binarizer"]["y_type_"].text();
    multilabel_ = type.starts_with("multilabel");
    require(multilabel_ || type == "binary" || type == "multiclass",
            "the label binarizer's y_type_ is not one of a classifier's");
    const std::size_t m = network_.outputs(), classes = labels_.size();
    // One class alone is binary with the first class as the only answer.
    const bool binary = type == "binary" && m == 1 && (classes == 2 || classes == 1);
    require(multilabel_ || binary || (type == "multiclass" && m == classes && classes > 0),
            "classes_ does not fit the number of outputs");
  }

  std::vector<Method> methods() const override {
    return {Method::predict, Method::predict_proba, Method::predict_log_proba};
  }
  std::uint64_t work_per_row() const override { return network_.work_per_row(); }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    features_.check(x, type_name);
    if (network_.single(x))
      run<float>(method, x, out);
    else
      run<double>(method, x, out);
  }

 private:
  template <class T>
  void run(Method method, const Input& x, Output& out) const {
    const std::size_t n = x.rows(), m = network_.outputs();
    if (method == Method::predict) return predict<T>(x, out);
    T* y = nullptr;
    if (m == 1) {
      Scratch<T> positive(n);
      network_.forward(x, type_name, positive.data());
      y = out.array<T>({n, 2});
      for (std::size_t i = 0; i < n; ++i) {
        y[2 * i] = T(1) - positive[i];
        y[2 * i + 1] = positive[i];
      }
    } else {
      y = out.array<T>({n, m});
      network_.forward(x, type_name, y);
    }
    if (method == Method::predict_log_proba) linalg::log(y, n * std::max<std::size_t>(m, 2), y);
  }

  template <class T>
  void predict(const Input& x, Output& out) const {
    const std::size_t n = x.rows(), m = network_.outputs();
    Scratch<T> y(n * m);
    network_.forward(x, type_name, y.data());
    if (multilabel_) {
      auto* bits = out.array<std::int64_t>({n, m});
      for (std::size_t i = 0; i < n * m; ++i) bits[i] = y[i] > T(0.5);
      return;
    }
    Scratch<std::size_t> indices(n);
    if (m == 1) {
      for (std::size_t i = 0; i < n; ++i) indices[i] = labels_.size() > 1 && y[i] > T(0.5);
    } else {
      linalg::argmax_rows(y.data(), n, m, indices.data());
    }
    labels_.write(out, std::span<const std::size_t>(indices.data(), n));
  }

  Features features_;
  MultilayerPerceptron network_;
  Labels labels_;
  bool multilabel_ = false;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(MLPClassifier)
