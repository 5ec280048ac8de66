// From the raw predictions of a boosting classifier to its answers: one column of raw predictions
// stands for two classes (or the only one), several for one class each.
#pragma once

#include <optional>

#include "define.hpp"

namespace skops_sklearn {

class BoostingResponses {
 public:
  // Throws where the number of classes does not fit.
  BoostingResponses(skops::sdk::Labels classes, std::size_t targets);

  // p = expit(slope * raw) of the second class.
  double slope = 1;
  // Whether a raw prediction of exactly 0 means the second class.
  bool zero_is_second = false;

  // predict, predict_proba, predict_log_proba or decision_function of n rows of raw predictions.
  void write(skops::sdk::Method method, const double* raw, std::size_t n,
             skops::sdk::Output& out) const;

  // predict for staged_predict and so on; nothing for other methods.
  static std::optional<skops::sdk::Method> unstaged(skops::sdk::Method method);

 private:
  void labels(const double* raw, std::size_t n, skops::sdk::Output& out) const;
  void probabilities(const double* raw, std::size_t n, bool logarithms,
                     skops::sdk::Output& out) const;

  skops::sdk::Labels classes_;
  std::size_t targets_;
};

}  // namespace skops_sklearn
