// Row-wise reductions over the kernels' functions.
#include "linalg/elementwise.hpp"

#include <cmath>
#include <limits>

#include "linalg/kernels.hpp"

namespace skops_sklearn::linalg {
namespace {

template <class T>
T row_maximum(const T* x, std::size_t n) {
  T largest = x[0];
  for (std::size_t i = 1; i < n; ++i)
    if (!(x[i] <= largest) && largest == largest) largest = x[i];
  return largest;
}

// Rows whose exponentials are computed in one call, so that few columns still fill vectors.
std::size_t rows_at_once(std::size_t columns) {
  constexpr std::size_t elements = 1024;
  return columns >= elements ? 1 : elements / columns;
}

}  // namespace

#define SKOPS_FORWARD(name)                    \
  template <class T>                           \
  void name(const T* x, std::size_t n, T* y) { \
    best_kernels().math<T>().name(x, n, y);    \
  }
SKOPS_FORWARD(exp)
SKOPS_FORWARD(log)
SKOPS_FORWARD(expm1)
SKOPS_FORWARD(tanh)
SKOPS_FORWARD(expit)
#undef SKOPS_FORWARD

template <class T>
void relu(const T* x, std::size_t n, T* y) {
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] < T(0) ? T(0) : x[i];
}

template <class T>
void softmax_rows(T* x, std::size_t rows, std::size_t columns) {
  if (columns == 0) return;
  const std::size_t step = rows_at_once(columns);
  for (std::size_t from = 0; from < rows; from += step) {
    const std::size_t some = rows - from < step ? rows - from : step;
    T* tile = x + from * columns;
    for (std::size_t r = 0; r < some; ++r) {
      T* row = tile + r * columns;
      const T largest = row_maximum(row, columns);
      for (std::size_t c = 0; c < columns; ++c) row[c] -= largest;
    }
    exp(tile, some * columns, tile);
    for (std::size_t r = 0; r < some; ++r) {
      T* row = tile + r * columns;
      T sum = 0;
      for (std::size_t c = 0; c < columns; ++c) sum += row[c];
      for (std::size_t c = 0; c < columns; ++c) row[c] /= sum;
    }
  }
}

// Exponentials of several short rows, or of a part of a long one, are computed in one call.
template <class T>
void log_sum_exp_rows(const T* x, std::size_t rows, std::size_t columns, T* y) {
  constexpr std::size_t room = 256;
  T buffer[room], shifts[room];
  const std::size_t step = columns == 0 || columns > room ? 1 : room / columns;
  for (std::size_t from = 0; from < rows; from += step) {
    const std::size_t some = rows - from < step ? rows - from : step;
    const T* tile = x + from * columns;
    T* sums = y + from;
    for (std::size_t r = 0; r < some; ++r) {
      const T largest =
          columns ? row_maximum(tile + r * columns, columns) : -std::numeric_limits<T>::infinity();
      // A row of minus infinities has no finite maximum to subtract.
      shifts[r] = std::isfinite(largest) ? largest : T(0);
      sums[r] = 0;
    }
    for (std::size_t c = 0; c < columns; c += room) {
      const std::size_t width = columns - c < room ? columns - c : room;
      for (std::size_t r = 0; r < some; ++r)
        for (std::size_t k = 0; k < width; ++k)
          buffer[r * width + k] = tile[r * columns + c + k] - shifts[r];
      exp(buffer, some * width, buffer);
      for (std::size_t r = 0; r < some; ++r)
        for (std::size_t k = 0; k < width; ++k) sums[r] += buffer[r * width + k];
    }
    log(sums, some, sums);
    for (std::size_t r = 0; r < some; ++r) sums[r] += shifts[r];
  }
}

template <class T>
void argmax_rows(const T* x, std::size_t rows, std::size_t columns, std::size_t* y) {
  for (std::size_t r = 0; r < rows; ++r, x += columns) {
    std::size_t best = 0;
    for (std::size_t c = 1; c < columns && x[best] == x[best]; ++c)
      if (!(x[c] <= x[best])) best = c;
    y[r] = best;
  }
}

template <class T>
bool all_finite(const T* x, std::size_t n) {
  return best_kernels().math<T>().all_finite(x, n);
}

#define SKOPS_ALL(T)                                                           \
  template void exp(const T*, std::size_t, T*);                                \
  template void log(const T*, std::size_t, T*);                                \
  template void expm1(const T*, std::size_t, T*);                              \
  template void tanh(const T*, std::size_t, T*);                               \
  template void expit(const T*, std::size_t, T*);                              \
  template void relu(const T*, std::size_t, T*);                               \
  template void softmax_rows(T*, std::size_t, std::size_t);                    \
  template void log_sum_exp_rows(const T*, std::size_t, std::size_t, T*);      \
  template void argmax_rows(const T*, std::size_t, std::size_t, std::size_t*); \
  template bool all_finite(const T*, std::size_t)
SKOPS_ALL(double);
SKOPS_ALL(float);
#undef SKOPS_ALL

}  // namespace skops_sklearn::linalg
