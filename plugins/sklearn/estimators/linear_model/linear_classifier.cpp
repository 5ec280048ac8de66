#include "estimators/linear_model/linear_classifier.hpp"

#include <algorithm>

#include "estimators/shared/fitted_version.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

// One-versus-rest probabilities sum to one afterwards; all zeros become equal shares, or NaN.
template <class T>
void normalize_rows(T* y, std::size_t n, std::size_t m, bool zeros_share) {
  for (std::size_t i = 0; i < n; ++i, y += m) {
    T sum = 0;
    for (std::size_t j = 0; j < m; ++j) sum += y[j];
    if (sum == 0 && zeros_share) {
      std::fill_n(y, m, T(1));
      sum = static_cast<T>(m);
    }
    for (std::size_t j = 0; j < m; ++j) y[j] /= sum;
  }
}

template <class T>
T clipped(T score) {
  return (std::clamp(score, T(-1), T(1)) + T(1)) / T(2);
}

}  // namespace

LinearClassifierBase::LinearClassifierBase(const Attributes& self, const Value& classes,
                                           std::string_view name, Probability probability,
                                           bool multilabel)
    : name_(name),
      features_(self),
      labels_(classes),
      probability_(probability),
      multilabel_(multilabel),
      zeros_share_(fitted_since(self, 1, 9)) {
  const StoredMatrix coef = read_matrix(self["coef_"], "coef_");
  features_.assume(coef.columns);
  require(labels_.size() > 0, "classes_ is empty");
  if (multilabel_) {
    require(coef.rows == labels_.size(), "coef_ must have one row per label");
  } else {
    require(coef.rows == 1 ? labels_.size() <= 2 : coef.rows == labels_.size(),
            "coef_ must have one row per class, or one for two classes");
    // One row and one class cannot give classes_[1].
    require(coef.rows != 1 || labels_.size() == 2, "classes_ must have two elements");
  }
  function_ = LinearFunction(coef, read_vector(self["intercept_"], coef.rows, "intercept_"));
}

std::vector<Method> LinearClassifierBase::methods() const {
  if (probability_ == Probability::none) return {Method::predict, Method::decision_function};
  return {Method::predict, Method::predict_proba, Method::predict_log_proba,
          Method::decision_function};
}

void LinearClassifierBase::call(Method method, const Input& x, const Options& options,
                                Output& out) const {
  options.only({});
  features_.check(x, name_);
  if (function_.single(x))
    run<float>(method, x, out);
  else
    run<double>(method, x, out);
}

template <class T>
void LinearClassifierBase::run(Method method, const Input& x, Output& out) const {
  const std::size_t n = x.rows(), m = function_.outputs();
  if (method == Method::predict) return predict<T>(x, out);
  if (method == Method::decision_function) {
    T* y = m == 1 ? out.array<T>({n}) : out.array<T>({n, m});
    return function_.apply(x, name_, y);
  }
  T* y = nullptr;
  if (m == 1) {
    Scratch<T> scores(n);
    function_.apply(x, name_, scores.data());
    y = out.array<T>({n, 2});
    binary_probabilities(scores.data(), n, y);
  } else {
    y = out.array<T>({n, m});
    function_.apply(x, name_, y);
    class_probabilities(y, n);
  }
  if (method == Method::predict_log_proba) linalg::log(y, n * std::max<std::size_t>(m, 2), y);
}

template <class T>
void LinearClassifierBase::predict(const Input& x, Output& out) const {
  const std::size_t n = x.rows(), m = function_.outputs();
  Scratch<T> scores(n * m);
  function_.apply(x, name_, scores.data());
  if (multilabel_) {
    auto* y = out.array<std::int64_t>({n, m});
    for (std::size_t i = 0; i < n * m; ++i) y[i] = scores[i] > 0;
    return;
  }
  Scratch<std::size_t> indices(n);
  if (m == 1) {
    for (std::size_t i = 0; i < n; ++i) indices[i] = scores[i] > 0;
  } else {
    linalg::argmax_rows(scores.data(), n, m, indices.data());
  }
  labels_.write(out, std::span<const std::size_t>(indices.data(), n));
}

template <class T>
void LinearClassifierBase::binary_probabilities(T* scores, std::size_t n, T* y) const {
  if (probability_ == Probability::softmax) {
    for (std::size_t i = 0; i < n; ++i) {
      y[2 * i] = -scores[i];
      y[2 * i + 1] = scores[i];
    }
    linalg::softmax_rows(y, n, 2);
    return;
  }
  if (probability_ == Probability::expit) {
    linalg::expit(scores, n, scores);
  } else {
    for (std::size_t i = 0; i < n; ++i) scores[i] = clipped(scores[i]);
  }
  for (std::size_t i = 0; i < n; ++i) {
    y[2 * i] = T(1) - scores[i];
    y[2 * i + 1] = scores[i];
  }
}

template <class T>
void LinearClassifierBase::class_probabilities(T* y, std::size_t n) const {
  const std::size_t m = function_.outputs();
  if (probability_ == Probability::softmax) {
    linalg::softmax_rows(y, n, m);
    return;
  }
  if (probability_ == Probability::expit) {
    linalg::expit(y, n * m, y);
  } else {
    for (std::size_t i = 0; i < n * m; ++i) y[i] = clipped(y[i]);
  }
  normalize_rows(y, n, m, zeros_share_ || probability_ == Probability::modified_huber);
}

}  // namespace skops_sklearn
