// What all naive Bayes classifiers share: from joint log likelihoods to labels and probabilities.
//
// A class derives from it and fills in `likelihood`: log P(class) + log P(row | class) for each row
// and class. predict_proba is exp of predict_log_proba, as in scikit-learn.
#pragma once

#include <string_view>
#include <vector>

#include "define.hpp"
#include "estimators/shared/numeric_input.hpp"
#include "estimators/shared/stored_matrix.hpp"

namespace skops_sklearn {

class NaiveBayes : public skops::sdk::Estimator {
 public:
  std::vector<skops::sdk::Method> methods() const override {
    using skops::sdk::Method;
    return {Method::predict, Method::predict_proba, Method::predict_log_proba,
            Method::predict_joint_log_proba};
  }

  void call(skops::sdk::Method method, const skops::sdk::Input& x,
            const skops::sdk::Options& options, skops::sdk::Output& out) const override {
    options.only({});
    features_.check(x, name_);
    if (single(x))
      run<float>(method, x, out);
    else
      run<double>(method, x, out);
  }

 protected:
  NaiveBayes(const skops::sdk::Attributes& self, std::string_view name)
      : name_(name), features_(self), labels_(self["classes_"]) {
    skops::sdk::require(labels_.size() > 0, "classes_ is empty");
  }

  // Whether `likelihood` is computed in float32 for this input.
  virtual bool single(const skops::sdk::Input& x) const = 0;
  virtual void likelihood(const skops::sdk::Input& x, double* y) const = 0;
  virtual void likelihood(const skops::sdk::Input& x, float* y) const = 0;

  std::string_view name_;
  skops::sdk::Features features_;
  skops::sdk::Labels labels_;

 private:
  template <class T>
  void run(skops::sdk::Method method, const skops::sdk::Input& x, skops::sdk::Output& out) const {
    using skops::sdk::Method;
    const std::size_t n = x.rows(), m = labels_.size();
    if (method == Method::predict) {
      Scratch<T> joint(n * m);
      likelihood(x, joint.data());
      Scratch<std::size_t> indices(n);
      linalg::argmax_rows(joint.data(), n, m, indices.data());
      labels_.write(out, std::span<const std::size_t>(indices.data(), n));
      return;
    }
    T* y = out.array<T>({n, m});
    likelihood(x, y);
    if (method == Method::predict_joint_log_proba) return;
    Scratch<T> sums(n);
    linalg::log_sum_exp_rows(y, n, m, sums.data());
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < m; ++j) y[i * m + j] -= sums[i];
    if (method == Method::predict_proba) linalg::exp(y, n * m, y);
  }
};

}  // namespace skops_sklearn
