#include "estimators/neural_network/multilayer_perceptron.hpp"

#include <algorithm>

namespace skops_sklearn {

using namespace skops::sdk;

MultilayerPerceptron::MultilayerPerceptron(const Attributes& self, Features& features) {
  const Value coefs = self["coefs_"], intercepts = self["intercepts_"];
  const std::size_t count = coefs.size();
  require(count > 0 && intercepts.size() == count, "coefs_ and intercepts_ must be equally long");
  require(self["n_layers_"].integer() == static_cast<std::int64_t>(count) + 1,
          "n_layers_ does not fit coefs_");
  std::size_t width = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const StoredMatrix coef = read_matrix(coefs.item(k), "coefs_");
    require(!coef.one_dimensional && coef.rows > 0 && coef.columns > 0,
            "a layer of coefs_ must be a matrix");
    if (k == 0)
      features.assume(coef.rows);
    else
      require(coef.rows == width, "a layer of coefs_ does not take what the one before gives");
    width = coef.columns;
    widest_ = std::max(widest_, width);
    const Value bias = intercepts.item(k);
    require(bias.is(Kind::array) && bias.array().size() == width,
            "a layer of intercepts_ must have one element a unit");
    // A layer is stored with one row an input; LinearFunction wants one row an output.
    layers_.emplace_back(transposed(coef), read_vector(bias, width, "intercepts_"));
  }
  require(self["n_outputs_"].integer() == static_cast<std::int64_t>(width),
          "n_outputs_ does not fit coefs_");
  hidden_ = activation_of(self["activation"].text());
  output_ = activation_of(self["out_activation_"].text());
  require(hidden_ != Activation::softmax && hidden_ != Activation::exponential,
          "activation is not one of 'identity', 'logistic', 'tanh', 'relu'");
}

MultilayerPerceptron::Activation MultilayerPerceptron::activation_of(std::string_view name) {
  if (name == "identity") return Activation::identity;
  if (name == "exp") return Activation::exponential;
  if (name == "tanh") return Activation::tanh;
  if (name == "logistic") return Activation::logistic;
  if (name == "relu") return Activation::relu;
  if (name == "softmax") return Activation::softmax;
  malformed("an activation is not one of 'identity', 'logistic', 'tanh', 'relu', 'softmax', 'exp'");
}

template <class T>
void MultilayerPerceptron::activate(Activation activation, T* y, std::size_t rows,
                                    std::size_t columns) {
  const std::size_t n = rows * columns;
  switch (activation) {
    case Activation::identity: return;
    case Activation::exponential: return linalg::exp(y, n, y);
    case Activation::tanh: return linalg::tanh(y, n, y);
    case Activation::logistic: return linalg::expit(y, n, y);
    case Activation::relu: return linalg::relu(y, n, y);
    case Activation::softmax: return linalg::softmax_rows(y, rows, columns);
  }
}

bool MultilayerPerceptron::single(const Input& x) const {
  for (const LinearFunction& layer : layers_)
    if (!layer.single(x)) return false;
  return true;
}

std::uint64_t MultilayerPerceptron::work_per_row() const {
  std::uint64_t work = 0;
  for (const LinearFunction& layer : layers_) work += layer.inputs() * layer.outputs();
  return work;
}

template <class T>
void MultilayerPerceptron::forward(const Input& x, std::string_view estimator, T* y) const {
  const std::size_t tile = std::clamp<std::size_t>(16384 / widest_, 8, 256);
  const std::size_t room = std::min(tile, x.rows()) * widest_;
  Scratch<T, 512> buffers(2 * room);
  T* const even = buffers.data();
  T* const odd = even + room;
  const std::size_t depth = layers_.size();

  // Layers from the second on, for a tile whose first layer's sums stand in `first`.
  const auto finish = [&](T* first, std::size_t count, T* to) {
    T* from = first;
    for (std::size_t k = 1; k < depth; ++k) {
      activate(hidden_, from, count, layers_[k - 1].outputs());
      T* next = k + 1 == depth ? to : from == even ? odd : even;
      layers_[k].template apply<T>(from, count, layers_[k].inputs(), next);
      from = next;
    }
    activate(output_, to, count, outputs());
  };
  const std::size_t width = layers_[0].outputs();
  if (x.is_csr()) {  // the first layer of all rows at once, then tiles
    std::vector<T> sums(depth == 1 ? 0 : x.rows() * width);
    T* const first = depth == 1 ? y : sums.data();
    layers_[0].template apply<T>(x, estimator, first);
    for (std::size_t from = 0; from < x.rows(); from += tile) {
      const std::size_t count = std::min(tile, x.rows() - from);
      finish(first + from * width, count, y + from * outputs());
    }
    return;
  }
  bool finite = true;
  for_tiles<T>(x, [&](const T* rows, std::size_t count, std::size_t stride, std::size_t at) {
    for (std::size_t from = 0; from < count; from += tile) {
      const std::size_t some = std::min(tile, count - from);
      T* const to = y + (at + from) * outputs();
      T* const first = depth == 1 ? to : even;
      layers_[0].template apply<T>(rows + from * stride, some, stride, first);
      finite = finite && linalg::all_finite(first, some * width);
      finish(first, some, to);
    }
  });
  if (!finite) refuse_non_finite<T>(x, estimator);
}

template void MultilayerPerceptron::forward(const Input&, std::string_view, double*) const;
template void MultilayerPerceptron::forward(const Input&, std::string_view, float*) const;

}  // namespace skops_sklearn
