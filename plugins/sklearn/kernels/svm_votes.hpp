// From one-vs-one decision values to labels, scikit-learn's one-vs-rest values and probabilities.
//
// `pairs` holds the decision values of one row in the order (0,1), (0,2), ..., (1,2), ...; a value
// above 0 is a vote for the first class of the pair. Nothing allocates beyond what the caller
// brings; every function may run in any number of threads.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace skops_sklearn::kernels {

// libsvm's vote: the class with the most pairs won, the first of equals.
std::size_t vote(std::span<const double> pairs, std::size_t n_classes);

// scikit-learn's `_ovr_decision_function(pairs < 0, -pairs, n)`: votes plus the sum of confidences
// squeezed into (-1/3, 1/3). `pairs` as `decision_function` with shape ovo returns them for more
// than two classes. Writes n_classes values.
void one_vs_rest(std::span<const double> pairs, std::size_t n_classes, double* out);

// Platt's sigmoid of each pair, then pairwise coupling (Wu, Lin and Weng 2004, their second
// method) as in libsvm: at most max(100, n_classes) rounds, each of n_classes^2 steps.
class PairwiseCoupling {
 public:
  // prob_a, prob_b: one each for a pair.
  PairwiseCoupling(std::span<const double> prob_a, std::span<const double> prob_b,
                   std::size_t n_classes)
      : prob_a_(prob_a.begin(), prob_a.end()),
        prob_b_(prob_b.begin(), prob_b.end()),
        n_(n_classes) {}

  // Room for one thread.
  struct Scratch {
    std::vector<double> r, q, qp;
  };
  void probabilities(std::span<const double> pairs, Scratch& scratch, double* out) const;

 private:
  std::vector<double> prob_a_, prob_b_;
  std::size_t n_;
};

}  // namespace skops_sklearn::kernels
