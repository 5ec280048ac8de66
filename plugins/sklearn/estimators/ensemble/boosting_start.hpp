// What gradient boosting adds its trees to: zero, or the answer of an initial estimator (`init_`)
// brought to the scale of raw predictions by the loss's link.
//
//   regression               y
//   two classes              logit(p) of the second, half of it for the exponential loss
//   more (since 1.4)         log(p / geometric mean of the row)
//   more (before)            log(p)
//
// Probabilities are first clipped to [eps, 1 - eps], eps being that of float32 before scikit-learn
// 1.8 and that of float64 since.
#pragma once

#include <vector>

#include "define.hpp"

namespace skops_sklearn {

class BoostingStart {
 public:
  // `targets`: trees per iteration.
  BoostingStart(const skops::sdk::Attributes& self, bool classifier, std::size_t targets);

  // Rows of `targets` raw predictions.
  void fill(const skops::sdk::Input& x, const skops::sdk::Options& options, double* raw) const;
  std::uint64_t work() const { return estimator_ ? estimator_.work_per_row() : 0; }

 private:
  enum class Link { identity, logit, half_logit, log_ratio, log };

  // One row of `width` answers to `targets_` raw predictions.
  void link(const double* answers, double* raw) const;

  std::size_t targets_, width_ = 1;
  Link link_ = Link::identity;
  double eps_ = 0;
  skops::sdk::EstimatorRef estimator_;  // none: a constant
  skops::sdk::Method method_ = skops::sdk::Method::predict;
  std::vector<double> constant_;
};

}  // namespace skops_sklearn
