// The vectors of one instruction set, for the kernel units only.
//
// Included by kernels_baseline.cpp, kernels_avx2.cpp and kernels_avx512.cpp, each compiled with its
// own instruction set. Everything here and in what the units include has internal linkage: a symbol
// that two units shared could be taken from the wrong one by the linker, and the process would die
// on an older processor. For the same reason no inline function of the standard library is used.
#pragma once

#include <stddef.h>
#include <stdint.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
#define SKOPS_VECTOR_BYTES 64
#elif defined(__AVX2__)
#define SKOPS_VECTOR_BYTES 32
#else
#define SKOPS_VECTOR_BYTES 16
#endif

namespace {

template <class T>
struct Vector;

template <>
struct Vector<double> {
  typedef double type __attribute__((vector_size(SKOPS_VECTOR_BYTES)));
  typedef double loose __attribute__((vector_size(SKOPS_VECTOR_BYTES), aligned(8), may_alias));
  typedef int64_t bits __attribute__((vector_size(SKOPS_VECTOR_BYTES)));
  typedef uint64_t wrapping __attribute__((vector_size(SKOPS_VECTOR_BYTES)));
  static constexpr size_t lanes = SKOPS_VECTOR_BYTES / 8;
};

template <>
struct Vector<float> {
  typedef float type __attribute__((vector_size(SKOPS_VECTOR_BYTES)));
  typedef float loose __attribute__((vector_size(SKOPS_VECTOR_BYTES), aligned(4), may_alias));
  typedef int32_t bits __attribute__((vector_size(SKOPS_VECTOR_BYTES)));
  static constexpr size_t lanes = SKOPS_VECTOR_BYTES / 4;
};

template <class T>
using VectorOf = typename Vector<T>::type;

template <class T>
inline VectorOf<T> load(const T* p) {
  return *reinterpret_cast<const typename Vector<T>::loose*>(p);
}

template <class T>
inline void store(T* p, VectorOf<T> v) {
  *reinterpret_cast<typename Vector<T>::loose*>(p) = v;
}

template <class T>
inline VectorOf<T> splat(T x) {
  return x - VectorOf<T>{};
}

// a * b + c, rounded once where the instruction set can.
inline VectorOf<double> fma(VectorOf<double> a, VectorOf<double> b, VectorOf<double> c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_pd(a, b, c);
#elif defined(__AVX2__)
  return _mm256_fmadd_pd(a, b, c);
#else
  return a * b + c;
#endif
}

inline VectorOf<float> fma(VectorOf<float> a, VectorOf<float> b, VectorOf<float> c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_ps(a, b, c);
#elif defined(__AVX2__)
  return _mm256_fmadd_ps(a, b, c);
#else
  return a * b + c;
#endif
}

template <class T>
inline T fma_scalar(T a, T b, T c) {
#if defined(__FMA__)
  if constexpr (sizeof(T) == 8)
    return __builtin_fma(a, b, c);
  else
    return __builtin_fmaf(a, b, c);
#else
  return a * b + c;
#endif
}

// The sum of all lanes, in halves.
inline double sum_lanes(VectorOf<double> v) {
#if defined(__AVX512F__)
  auto quarter =
      __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
#elif defined(__AVX2__)
  auto quarter = v;
#endif
#if defined(__AVX2__)
  auto pair = __builtin_shufflevector(quarter, quarter, 0, 1) +
              __builtin_shufflevector(quarter, quarter, 2, 3);
  return pair[0] + pair[1];
#else
  return v[0] + v[1];
#endif
}

inline float sum_lanes(VectorOf<float> v) {
#if defined(__AVX512F__)
  auto eight = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
               __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
#elif defined(__AVX2__)
  auto eight = v;
#endif
#if defined(__AVX2__)
  auto four = __builtin_shufflevector(eight, eight, 0, 1, 2, 3) +
              __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
#else
  auto four = v;
#endif
  return (four[0] + four[2]) + (four[1] + four[3]);
}

}  // namespace
