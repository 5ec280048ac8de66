// What a tree or forest predicts: one or several outputs, classes with their labels or numbers; and
// writing results in exactly scikit-learn's shapes and dtypes.
#pragma once

#include <vector>

#include "define.hpp"
#include "estimators/tree/fitted_tree.hpp"

namespace skops_sklearn {

class TreeTargets {
 public:
  TreeTargets() = default;
  // Reads n_outputs_ and, for classifiers, classes_ and n_classes_.
  TreeTargets(const skops::sdk::Attributes& self, bool classifier);

  bool classifier() const { return classifier_; }
  std::size_t outputs() const { return counts_.size(); }
  // Values per row, over all outputs.
  std::size_t width() const { return width_; }
  // Throws where a tree has other outputs or classes.
  void check(const FittedTree& tree) const;
  // A node's probabilities (normalised counts before scikit-learn 1.3) or numbers, width() of them.
  void values(const FittedTree& tree, std::size_t node, double* out) const;

  // Rows of width() probabilities.
  void write_labels(skops::sdk::Output& out, const double* p, std::size_t rows) const;
  void write_probabilities(skops::sdk::Output& out, const double* p, std::size_t rows,
                           bool logarithms) const;
  // The memory for numbers: (rows,) or (rows, outputs).
  double* numbers(skops::sdk::Output& out, std::size_t rows) const;

 private:
  bool classifier_ = false;
  std::vector<std::size_t> counts_, offsets_;
  std::size_t width_ = 0;
  std::vector<skops::sdk::Labels> labels_;
};

}  // namespace skops_sklearn
