#include "estimators/ensemble/boosting_responses.hpp"

#include <algorithm>

#include "linalg/elementwise.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

BoostingResponses::BoostingResponses(Labels classes, std::size_t targets)
    : classes_(std::move(classes)), targets_(targets) {
  const std::size_t n = classes_.size();
  require(targets == 1 ? n == 2 || n == 1 : n == targets,
          "a boosting classifier has not one tree per class");
}

std::optional<Method> BoostingResponses::unstaged(Method method) {
  switch (method) {
    case Method::staged_predict: return Method::predict;
    case Method::staged_predict_proba: return Method::predict_proba;
    case Method::staged_decision_function: return Method::decision_function;
    default: return std::nullopt;
  }
}

void BoostingResponses::write(Method method, const double* raw, std::size_t n, Output& out) const {
  if (method == Method::predict) return labels(raw, n, out);
  if (method != Method::decision_function) {
    return probabilities(raw, n, method == Method::predict_log_proba, out);
  }
  double* y = targets_ == 1 ? out.array<double>({n}) : out.array<double>({n, targets_});
  std::copy_n(raw, n * targets_, y);
}

void BoostingResponses::labels(const double* raw, std::size_t n, Output& out) const {
  std::vector<std::size_t> index(n, 0);
  if (targets_ > 1) {
    linalg::argmax_rows(raw, n, targets_, index.data());
  } else if (classes_.size() == 2) {
    for (std::size_t i = 0; i < n; ++i) index[i] = zero_is_second ? raw[i] >= 0 : raw[i] > 0;
  }
  classes_.write(out, std::span<const std::size_t>(index));
}

void BoostingResponses::probabilities(const double* raw, std::size_t n, bool logarithms,
                                      Output& out) const {
  const std::size_t c = std::max<std::size_t>(targets_, 2);
  double* p = out.array<double>({n, c});
  if (targets_ > 1) {
    std::copy_n(raw, n * c, p);
    linalg::softmax_rows(p, n, c);
  } else {
    // The second half holds the probabilities of the second class until they are put in pairs; the
    // place of pair i never lies behind that of number i.
    double* second = p + n;
    for (std::size_t i = 0; i < n; ++i) second[i] = slope * raw[i];
    linalg::expit(second, n, second);
    for (std::size_t i = 0; i < n; ++i) {
      const double q = second[i];
      p[2 * i] = 1.0 - q;
      p[2 * i + 1] = q;
    }
  }
  if (logarithms) linalg::log(p, n * c, p);
}

}  // namespace skops_sklearn
