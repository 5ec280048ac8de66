// Packing and the choice between dot products and panels.
#include "linalg/weights.hpp"

#include <limits>
#include <stdexcept>

namespace skops_sklearn::linalg {
namespace {

std::size_t checked_product(std::size_t a, std::size_t b) {
  if (b != 0 && a > std::numeric_limits<std::size_t>::max() / 64 / b)
    throw std::length_error("a matrix of weights is too large");
  return a * b;
}

// Dot products end in a sum over lanes for each row and output; panels waste the lanes that the
// outputs do not fill.
bool only_by_output(std::size_t inputs, std::size_t outputs, std::size_t lanes) {
  return outputs == 1 || (outputs == 2 && inputs >= 2 * lanes);
}
bool also_by_output(std::size_t inputs, std::size_t outputs, std::size_t lanes) {
  return outputs <= 16 && inputs >= 8 * lanes;
}
constexpr std::size_t few_rows = 2;

}  // namespace

template <class T>
Weights<T>::Weights(const T* w, std::size_t inputs, std::size_t outputs,
                    std::ptrdiff_t input_stride, std::ptrdiff_t output_stride,
                    const Kernels& kernels)
    : kernels_(&kernels), inputs_(inputs), outputs_(outputs) {
  const std::size_t lanes = kernels.product<T>().lanes;
  auto element = [&](std::size_t input, std::size_t output) {
    return w[static_cast<std::ptrdiff_t>(output) * output_stride +
             static_cast<std::ptrdiff_t>(input) * input_stride];
  };
  if (outputs == 0) return;
  const bool only = only_by_output(inputs, outputs, lanes);
  if (only || also_by_output(inputs, outputs, lanes)) {
    by_output_.resize(checked_product(inputs, outputs));
    for (std::size_t o = 0; o < outputs; ++o)
      for (std::size_t i = 0; i < inputs; ++i) by_output_[o * inputs + i] = element(i, o);
  }
  if (only) return;
  const std::size_t vectors = outputs / lanes + (outputs % lanes != 0);
  const std::size_t panels = (vectors + most_panel_vectors - 1) / most_panel_vectors;
  packed_.resize(checked_product(checked_product(vectors, lanes), inputs));
  T* to = packed_.data();
  std::size_t first = 0;
  for (std::size_t p = 0; p < panels; ++p) {
    const std::size_t width = (vectors / panels + (p < vectors % panels)) * lanes;
    const std::size_t real = outputs - first < width ? outputs - first : width;
    for (std::size_t i = 0; i < inputs; ++i, to += width)
      for (std::size_t o = 0; o < real; ++o) to[o] = element(i, first + o);
    first += real;
  }
}

template <class T>
void Weights<T>::multiply(const T* x, std::size_t rows, std::size_t x_stride, const T* bias, T* y,
                          std::size_t y_stride) const {
  if (rows == 0 || outputs_ == 0) return;
  const ProductKernels<T>& product = kernels_->product<T>();
  if (!by_output_.empty() && (packed_.empty() || rows <= few_rows))
    product.dots(x, rows, x_stride, inputs_, by_output_.data(), outputs_, bias, y, y_stride);
  else
    product.panels(x, rows, x_stride, inputs_, packed_.data(), outputs_, bias, y, y_stride);
}

template <class T>
template <class Index>
void Weights<T>::sparse_dots(const Index* indices, const T* data, std::size_t count, const T* bias,
                             T* y) const {
  for (std::size_t o = 0; o < outputs_; ++o) {
    const T* w = by_output_.data() + o * inputs_;
    T even = 0, odd = 0;
    std::size_t i = 0;
    for (; i + 2 <= count; i += 2) {
      even += data[i] * w[indices[i]];
      odd += data[i + 1] * w[indices[i + 1]];
    }
    if (i < count) even += data[i] * w[indices[i]];
    y[o] = bias ? even + odd + bias[o] : even + odd;
  }
}

template <class T>
template <class Pointer, class Index>
void Weights<T>::multiply_csr(const Pointer* indptr, const Index* indices, const T* data,
                              std::size_t rows, const T* bias, T* y, std::size_t y_stride) const {
  if (outputs_ == 0) return;
  const ProductKernels<T>& product = kernels_->product<T>();
  for (std::size_t r = 0; r < rows; ++r, y += y_stride) {
    const std::size_t from = static_cast<std::size_t>(indptr[r]);
    const std::size_t count = static_cast<std::size_t>(indptr[r + 1]) - from;
    if (packed_.empty())
      sparse_dots(indices + from, data + from, count, bias, y);
    else if constexpr (sizeof(Index) == 4)
      product.sparse_row32(indices + from, data + from, count, inputs_, packed_.data(), outputs_,
                           bias, y);
    else
      product.sparse_row64(indices + from, data + from, count, inputs_, packed_.data(), outputs_,
                           bias, y);
  }
}

template class Weights<double>;
template class Weights<float>;
#define SKOPS_CSR(T, Pointer, Index)                                                          \
  template void Weights<T>::multiply_csr(const Pointer*, const Index*, const T*, std::size_t, \
                                         const T*, T*, std::size_t) const
#define SKOPS_CSR_ALL(T)                    \
  SKOPS_CSR(T, std::int32_t, std::int32_t); \
  SKOPS_CSR(T, std::int64_t, std::int32_t); \
  SKOPS_CSR(T, std::int64_t, std::int64_t)
SKOPS_CSR_ALL(double);
SKOPS_CSR_ALL(float);
#undef SKOPS_CSR_ALL
#undef SKOPS_CSR

}  // namespace skops_sklearn::linalg
