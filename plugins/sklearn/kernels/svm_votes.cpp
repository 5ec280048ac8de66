#include "kernels/svm_votes.hpp"

#include <algorithm>
#include <cmath>

namespace skops_sklearn::kernels {

std::size_t vote(std::span<const double> pairs, std::size_t n_classes) {
  if (n_classes == 2) return pairs[0] > 0 ? 0 : 1;
  constexpr std::size_t kInPlace = 64;
  unsigned in_place[kInPlace] = {};
  std::vector<unsigned> on_heap(n_classes > kInPlace ? n_classes : 0, 0u);
  unsigned* votes = on_heap.empty() ? in_place : on_heap.data();
  std::size_t p = 0;
  for (std::size_t i = 0; i < n_classes; ++i) {
    for (std::size_t j = i + 1; j < n_classes; ++j, ++p) ++votes[pairs[p] > 0 ? i : j];
  }
  return static_cast<std::size_t>(std::max_element(votes, votes + n_classes) - votes);
}

void one_vs_rest(std::span<const double> pairs, std::size_t n_classes, double* out) {
  constexpr std::size_t kInPlace = 64;
  double in_place[kInPlace] = {};
  std::vector<double> on_heap(n_classes > kInPlace ? n_classes : 0, 0.0);
  double* confidence = on_heap.empty() ? in_place : on_heap.data();
  std::fill_n(out, n_classes, 0.0);
  std::size_t p = 0;
  for (std::size_t i = 0; i < n_classes; ++i) {
    for (std::size_t j = i + 1; j < n_classes; ++j, ++p) {
      confidence[i] += pairs[p];
      confidence[j] -= pairs[p];
      out[pairs[p] < 0 ? j : i] += 1;
    }
  }
  for (std::size_t i = 0; i < n_classes; ++i) {
    out[i] += confidence[i] / (3 * (std::fabs(confidence[i]) + 1));
  }
}

namespace {

// 1 / (1 + exp(a d + b)) without overflow, kept off 0 and 1.
double platt(double decision, double a, double b) {
  const double t = decision * a + b;
  const double p = t >= 0 ? std::exp(-t) / (1.0 + std::exp(-t)) : 1.0 / (1.0 + std::exp(t));
  constexpr double kLowest = 1e-7;
  return std::min(std::max(p, kLowest), 1 - kLowest);
}

}  // namespace

void PairwiseCoupling::probabilities(std::span<const double> pairs, Scratch& scratch,
                                     double* out) const {
  const std::size_t k = n_;
  scratch.r.assign(k * k, 0.0);
  scratch.q.assign(k * k, 0.0);
  scratch.qp.assign(k, 0.0);
  double* r = scratch.r.data();
  double* q = scratch.q.data();
  double* qp = scratch.qp.data();
  std::size_t pair = 0;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = i + 1; j < k; ++j, ++pair) {
      r[i * k + j] = platt(pairs[pair], prob_a_[pair], prob_b_[pair]);
      r[j * k + i] = 1 - r[i * k + j];
    }
  }
  for (std::size_t t = 0; t < k; ++t) {
    out[t] = 1.0 / static_cast<double>(k);
    for (std::size_t j = 0; j < k; ++j) {
      if (j == t) continue;
      q[t * k + t] += r[j * k + t] * r[j * k + t];
      q[t * k + j] = j < t ? q[j * k + t] : -r[j * k + t] * r[t * k + j];
    }
  }
  const double tolerance = 0.005 / static_cast<double>(k);
  const std::size_t rounds = std::max<std::size_t>(100, k);
  for (std::size_t round = 0; round < rounds; ++round) {
    double pqp = 0;
    for (std::size_t t = 0; t < k; ++t) {
      qp[t] = 0;
      for (std::size_t j = 0; j < k; ++j) qp[t] += q[t * k + j] * out[j];
      pqp += out[t] * qp[t];
    }
    double worst = 0;
    for (std::size_t t = 0; t < k; ++t) worst = std::max(worst, std::fabs(qp[t] - pqp));
    if (worst < tolerance) break;
    for (std::size_t t = 0; t < k; ++t) {
      const double diff = (-qp[t] + pqp) / q[t * k + t];
      out[t] += diff;
      pqp = (pqp + diff * (diff * q[t * k + t] + 2 * qp[t])) / (1 + diff) / (1 + diff);
      for (std::size_t j = 0; j < k; ++j) {
        qp[j] = (qp[j] + diff * q[t * k + j]) / (1 + diff);
        out[j] /= (1 + diff);
      }
    }
  }
}

}  // namespace skops_sklearn::kernels
