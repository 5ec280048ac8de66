// The forward pass of scikit-learn's multi-layer perceptrons.
//
// Rows go through all layers in tiles that stay in the cache: product, bias, activation. Computed
// in float32 where input and all weights are within float32. Checked at load: each layer takes what
// the one before gives, n_layers_ and n_outputs_ agree with the weights, activations are known.
#pragma once

#include <string_view>
#include <vector>

#include "define.hpp"
#include "estimators/linear_model/linear_function.hpp"

namespace skops_sklearn {

class MultilayerPerceptron {
 public:
  MultilayerPerceptron(const skops::sdk::Attributes& self, skops::sdk::Features& features);

  std::size_t outputs() const { return layers_.back().outputs(); }
  bool single(const skops::sdk::Input& x) const;
  std::uint64_t work_per_row() const;

  // y (rows × outputs()): the activations of the last layer. Columns have been counted.
  template <class T>
  void forward(const skops::sdk::Input& x, std::string_view estimator, T* y) const;

 private:
  enum class Activation { identity, exponential, tanh, logistic, relu, softmax };
  static Activation activation_of(std::string_view name);
  template <class T>
  static void activate(Activation activation, T* y, std::size_t rows, std::size_t columns);

  std::vector<LinearFunction> layers_;
  std::size_t widest_ = 1;
  Activation hidden_ = Activation::relu, output_ = Activation::identity;
};

}  // namespace skops_sklearn
