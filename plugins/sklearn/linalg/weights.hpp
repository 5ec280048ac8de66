// The right operand of a product that a model repeats: prepared once at load, then used for every
// call.
//
// `Weights<T>` holds a matrix of `inputs` × `outputs` numbers and computes
//   y (rows × outputs) = x (rows × inputs) · weights + bias
// for dense rows (any row stride) and for CSR rows. Few outputs are kept by output and computed as
// dot products; more are packed into panels of the running processor's vectors (kernels.hpp),
// padded with zeros, so that one row costs one pass over the weights and many rows come near the
// peak of the processor. Sums are wide and fused; their order differs from any BLAS by the last
// bits.
//
// Immutable after construction; may be used from any thread. Construction throws std::bad_alloc or
// std::length_error; `multiply` throws nothing and does not allocate. The caller has checked shapes
// and column indices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "linalg/aligned.hpp"
#include "linalg/kernels.hpp"

namespace skops_sklearn::linalg {

template <class T>
class Weights {
 public:
  Weights() = default;
  // w[output * output_stride + input * input_stride]: any layout of the stored matrix.
  Weights(const T* w, std::size_t inputs, std::size_t outputs, std::ptrdiff_t input_stride,
          std::ptrdiff_t output_stride, const Kernels& kernels = best_kernels());

  // One contiguous row of weights per output (scikit-learn's coef_).
  static Weights by_output(const T* w, std::size_t inputs, std::size_t outputs) {
    return Weights(w, inputs, outputs, 1, static_cast<std::ptrdiff_t>(inputs));
  }
  // One contiguous row of weights per input (a layer of a network).
  static Weights by_input(const T* w, std::size_t inputs, std::size_t outputs) {
    return Weights(w, inputs, outputs, static_cast<std::ptrdiff_t>(outputs), 1);
  }

  std::size_t inputs() const { return inputs_; }
  std::size_t outputs() const { return outputs_; }
  std::size_t bytes() const { return (packed_.size() + by_output_.size()) * sizeof(T); }

  // Strides count elements; `bias` may be null.
  void multiply(const T* x, std::size_t rows, std::size_t x_stride, const T* bias, T* y,
                std::size_t y_stride) const;

  // CSR rows; both index types are int32_t or int64_t.
  template <class Pointer, class Index>
  void multiply_csr(const Pointer* indptr, const Index* indices, const T* data, std::size_t rows,
                    const T* bias, T* y, std::size_t y_stride) const;

 private:
  template <class Index>
  void sparse_dots(const Index* indices, const T* data, std::size_t count, const T* bias,
                   T* y) const;

  const Kernels* kernels_ = nullptr;
  std::size_t inputs_ = 0, outputs_ = 0;
  std::vector<T, AlignedAllocator<T>> packed_;     // panels
  std::vector<T, AlignedAllocator<T>> by_output_;  // one row of inputs per output
};

extern template class Weights<double>;
extern template class Weights<float>;

}  // namespace skops_sklearn::linalg
