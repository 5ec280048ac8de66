// Linear classifiers: decision function, labels and the probabilities that they are turned into.
//
// Binary problems have one row of coefficients: scores of shape (rows,), and classes_[1] where they
// are above zero. Others have one row a class and the label of the largest score, the first of
// equals. coef_ may be sparse (sparsify()) or a vector (RidgeClassifier since 1.9).
#pragma once

#include <string_view>
#include <vector>

#include "define.hpp"
#include "estimators/linear_model/linear_function.hpp"

namespace skops_sklearn {

class LinearClassifierBase : public skops::sdk::Estimator {
 public:
  std::vector<skops::sdk::Method> methods() const override;
  void call(skops::sdk::Method method, const skops::sdk::Input& x,
            const skops::sdk::Options& options, skops::sdk::Output& out) const override;
  std::uint64_t work_per_row() const override { return function_.inputs() * function_.outputs(); }
  void save(skops::sdk::ObjectWriter& self) const override { features_.save(self); }

 protected:
  enum class Probability {
    none,
    expit,           // of each score, divided by their sum unless binary
    softmax,         // of the scores; of (-score, score) where binary
    modified_huber,  // (clip(score, -1, 1) + 1) / 2, divided by their sum unless binary
  };

  // `classes` is what classes_ holds; `multilabel` scores are thresholded, not compared.
  LinearClassifierBase(const skops::sdk::Attributes& self, const skops::sdk::Value& classes,
                       std::string_view name, Probability probability, bool multilabel = false);

  const LinearFunction& function() const { return function_; }
  std::size_t class_count() const { return labels_.size(); }
  void set_probability(Probability probability) { probability_ = probability; }

 private:
  template <class T>
  void run(skops::sdk::Method method, const skops::sdk::Input& x, skops::sdk::Output& out) const;
  template <class T>
  void predict(const skops::sdk::Input& x, skops::sdk::Output& out) const;
  template <class T>
  void binary_probabilities(T* scores, std::size_t n, T* y) const;
  template <class T>
  void class_probabilities(T* y, std::size_t n) const;

  std::string_view name_;
  skops::sdk::Features features_;
  skops::sdk::Labels labels_;
  LinearFunction function_;
  Probability probability_;
  bool multilabel_;
  // Since 1.9 a row whose probabilities are all 0 gets equal shares, before it got NaN; those of
  // the modified Huber loss always did.
  bool zeros_share_;
};

}  // namespace skops_sklearn
