// Element-wise functions over arrays, with scikit-learn's formulas.
//
// T is float or double; x and y may be the same array. exp, log, expm1, tanh and expit are within
// 2 ulp (tanh 2.5, expit 3.5) of the exact value and treat infinities, NaN and numbers below the
// normal range as IEEE 754 asks; the others are sums of these in the order that scikit-learn uses.
// Nothing here allocates or throws; everything may be called from any thread.
#pragma once

#include <cstddef>

namespace skops_sklearn::linalg {

template <class T>
void exp(const T* x, std::size_t n, T* y);
template <class T>
void log(const T* x, std::size_t n, T* y);
template <class T>
void expm1(const T* x, std::size_t n, T* y);
template <class T>
void tanh(const T* x, std::size_t n, T* y);
// scipy.special.expit: 1 / (1 + exp(-x)), rounded to T after each step: zero where exp(-x)
// overflows.
template <class T>
void expit(const T* x, std::size_t n, T* y);
// max(x, 0), where NaN stays NaN as in numpy.maximum.
template <class T>
void relu(const T* x, std::size_t n, T* y);

// sklearn.utils.extmath.softmax in place: each contiguous row minus its maximum, exp, divided by
// the sum.
template <class T>
void softmax_rows(T* x, std::size_t rows, std::size_t columns);

// scipy.special.logsumexp of each contiguous row, to y[row].
template <class T>
void log_sum_exp_rows(const T* x, std::size_t rows, std::size_t columns, T* y);

// numpy.argmax of each contiguous row: the first largest, or the first NaN. columns ≥ 1.
template <class T>
void argmax_rows(const T* x, std::size_t rows, std::size_t columns, std::size_t* y);

template <class T>
bool all_finite(const T* x, std::size_t n);

}  // namespace skops_sklearn::linalg
