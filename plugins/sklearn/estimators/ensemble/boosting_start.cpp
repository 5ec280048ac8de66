#include "estimators/ensemble/boosting_start.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "estimators/dummy/constant_response.hpp"
#include "estimators/shared/fitted_version.hpp"
#include "estimators/shared/float32_input.hpp"
#include "meta/responses.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

// scipy.special.logit: by log1p near 1/2, where the quotient would lose digits.
double logit(double p) {
  if (p < 0.3 || p > 0.65) return std::log(p / (1.0 - p));
  const double s = 2.0 * (p - 0.5);
  return std::log1p(s) - std::log1p(-s);
}

}  // namespace

BoostingStart::BoostingStart(const Attributes& self, bool classifier, std::size_t targets)
    : targets_(targets), constant_(targets, 0.0) {
  if (classifier) {
    width_ = targets == 1 ? 2 : targets;
    method_ = Method::predict_proba;
    if (targets > 1) {
      link_ = fitted_since(self, 1, 4) ? Link::log_ratio : Link::log;
    } else {
      link_ = self["loss"].text() == "exponential" ? Link::half_logit : Link::logit;
    }
    eps_ = fitted_since(self, 1, 8) ? std::numeric_limits<double>::epsilon()
                                    : std::numeric_limits<float>::epsilon();
  }
  const Value init = self["init_"];
  if (init.is_string() && init.text() == "zero") return;
  const EstimatorRef estimator(init);
  if (const std::vector<double>* row = constant_response(estimator)) {
    require(row->size() == width_, "the initial estimator has not one answer per class");
    link(row->data(), constant_.data());
    return;
  }
  if (!estimator.has(method_)) {
    unsupported("an initial estimator without '" + std::string(name_of(method_)) + "'");
  }
  estimator_ = estimator;
}

void BoostingStart::link(const double* answers, double* raw) const {
  if (link_ == Link::identity) {
    raw[0] = answers[0];
    return;
  }
  const auto clipped = [&](std::size_t k) { return std::clamp(answers[k], eps_, 1.0 - eps_); };
  if (link_ == Link::logit || link_ == Link::half_logit) {
    raw[0] = logit(clipped(1)) * (link_ == Link::logit ? 1.0 : 0.5);
    return;
  }
  double sum = 0;
  for (std::size_t k = 0; k < width_; ++k) sum += raw[k] = std::log(clipped(k));
  if (link_ == Link::log) return;
  const double mean = sum / static_cast<double>(width_);
  for (std::size_t k = 0; k < width_; ++k) raw[k] -= mean;
}

void BoostingStart::fill(const Input& x, const Options& options, double* raw) const {
  const std::size_t n = x.rows();
  if (!estimator_) {
    for (std::size_t i = 0; i < n; ++i)
      std::copy(constant_.begin(), constant_.end(), raw + i * targets_);
    return;
  }
  const Float32Input rows(x);
  const auto answers = meta::respond(estimator_, method_, rows.input(), options);
  if (answers.columns != width_) malformed("the initial estimator has not one answer per class");
  for (std::size_t i = 0; i < n; ++i) link(&answers.values[i * width_], raw + i * targets_);
}

}  // namespace skops_sklearn
