// The table of numeric kernels of one instruction set, and the choice among them.
//
// Each set is a translation unit of its own; only the function pointers of these tables leave it.
// The choice is made from the processor (`best_kernels`), never from the environment; tests ask for
// each set that the processor has. All functions are pure, allocate nothing and may be called from
// any thread. Pointers need no alignment beyond their type's; leading dimensions count elements.
#pragma once

#include <cstddef>
#include <cstdint>

namespace skops_sklearn::linalg {

enum class InstructionSet { baseline, avx2, avx512 };

// Widest panel of packed weights, in vectors.
inline constexpr std::size_t most_panel_vectors = 3;

template <class T>
struct ProductKernels {
  std::size_t lanes;  // elements of a vector

  // y (rows × outputs) = x (rows × inputs) · packed + bias (may be null); layout in weights.hpp.
  void (*panels)(const T* x, std::size_t rows, std::size_t x_stride, std::size_t inputs,
                 const T* packed, std::size_t outputs, const T* bias, T* y, std::size_t y_stride);
  // The same for few outputs, weights by output: w[output * inputs + input].
  void (*dots)(const T* x, std::size_t rows, std::size_t x_stride, std::size_t inputs, const T* w,
               std::size_t outputs, const T* bias, T* y, std::size_t y_stride);
  // One sparse row against packed panels, in the order of its entries: y (outputs).
  void (*sparse_row32)(const std::int32_t* indices, const T* data, std::size_t count,
                       std::size_t inputs, const T* packed, std::size_t outputs, const T* bias,
                       T* y);
  void (*sparse_row64)(const std::int64_t* indices, const T* data, std::size_t count,
                       std::size_t inputs, const T* packed, std::size_t outputs, const T* bias,
                       T* y);
};

template <class T>
struct MathKernels {
  // y[i] = f(x[i]); x and y may be the same.
  void (*exp)(const T* x, std::size_t n, T* y);
  void (*log)(const T* x, std::size_t n, T* y);
  void (*expm1)(const T* x, std::size_t n, T* y);
  void (*tanh)(const T* x, std::size_t n, T* y);
  void (*expit)(const T* x, std::size_t n, T* y);
  // Whether every element is finite.
  bool (*all_finite)(const T* x, std::size_t n);
};

struct Kernels {
  InstructionSet set;
  ProductKernels<double> product64;
  ProductKernels<float> product32;
  MathKernels<double> math64;
  MathKernels<float> math32;
  // y[row * outputs + o] = sum over i of (x[i] - centers[o * padded + i])² / scales[…]: rounded and
  // added exactly as NumPy does where the sum is large, to 1e-12 where it is below 1e4. `padded` is
  // a multiple of 8, at least inputs; padding holds zeros in centers and ones in the others.
  void (*scaled_square_sums)(const double* x, std::size_t rows, std::size_t x_stride,
                             std::size_t inputs, const double* centers, const double* scales,
                             const double* reciprocals, std::size_t padded, std::size_t outputs,
                             double* y);

  template <class T>
  const ProductKernels<T>& product() const {
    if constexpr (sizeof(T) == 8)
      return product64;
    else
      return product32;
  }
  template <class T>
  const MathKernels<T>& math() const {
    if constexpr (sizeof(T) == 8)
      return math64;
    else
      return math32;
  }
};

// The kernels of `set`, or null where this processor or this build does not have it.
const Kernels* kernels_of(InstructionSet set);
// The widest set that this processor has.
const Kernels& best_kernels();

}  // namespace skops_sklearn::linalg
