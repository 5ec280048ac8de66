// Matrix products of one instruction set; included by the kernel units only (see vector.hpp).
//
// The right operand is fixed when a model is loaded, so it is packed once: panels of one to three
// vectors of outputs, each panel holding its `inputs` rows one after another. The inner loop reads
// a panel from front to back, broadcasts elements of several rows of x, and keeps all sums in
// registers; blocks of inputs keep the piece of a panel that is in use inside the first-level
// cache.
#pragma once

#include "linalg/vector.hpp"

namespace {

constexpr size_t input_block = 256;
constexpr size_t row_tile = 96;

// Rows that are summed together in registers beside `vectors` vectors of outputs.
template <size_t vectors>
constexpr size_t rows_together() {
#if defined(__AVX512F__)
  return 8;
#else
  return vectors == 3 ? 4 : vectors == 2 ? 6 : 8;
#endif
}

// Sums for `row_count` rows and one panel over `inputs` inputs. The first block of inputs starts
// from zero, later ones from what y holds; the last one adds the bias. `width` outputs are real.
template <class T, size_t vectors, size_t row_count>
inline void block(const T* x, size_t x_stride, size_t inputs, const T* packed, const T* bias,
                  size_t width, bool first, bool last, T* y, size_t y_stride) {
  using V = VectorOf<T>;
  constexpr size_t lanes = Vector<T>::lanes;
  V sum[row_count][vectors] = {};
  if constexpr (row_count == 1) {
    // One row has too few sums to hide the latency of an addition: keep four sets of them.
    V more[3][vectors] = {};
    size_t i = 0;
    for (; i + 4 <= inputs; i += 4, packed += 4 * vectors * lanes) {
      const V a = splat(x[i]), b = splat(x[i + 1]), c = splat(x[i + 2]), d = splat(x[i + 3]);
#pragma GCC unroll 3
      for (size_t v = 0; v < vectors; ++v) {
        sum[0][v] = fma(load(packed + v * lanes), a, sum[0][v]);
        more[0][v] = fma(load(packed + (vectors + v) * lanes), b, more[0][v]);
        more[1][v] = fma(load(packed + (2 * vectors + v) * lanes), c, more[1][v]);
        more[2][v] = fma(load(packed + (3 * vectors + v) * lanes), d, more[2][v]);
      }
    }
    for (; i < inputs; ++i, packed += vectors * lanes) {
      const V a = splat(x[i]);
#pragma GCC unroll 3
      for (size_t v = 0; v < vectors; ++v) sum[0][v] = fma(load(packed + v * lanes), a, sum[0][v]);
    }
#pragma GCC unroll 3
    for (size_t v = 0; v < vectors; ++v)
      sum[0][v] = (sum[0][v] + more[0][v]) + (more[1][v] + more[2][v]);
  } else {
    for (size_t i = 0; i < inputs; ++i, packed += vectors * lanes) {
      V w[vectors];
      for (size_t v = 0; v < vectors; ++v) w[v] = load(packed + v * lanes);
      for (size_t r = 0; r < row_count; ++r) {
        V element = splat(x[r * x_stride + i]);
        for (size_t v = 0; v < vectors; ++v) sum[r][v] = fma(w[v], element, sum[r][v]);
      }
    }
  }
  if (width == vectors * lanes) {
    for (size_t r = 0; r < row_count; ++r)
      for (size_t v = 0; v < vectors; ++v) {
        T* to = y + r * y_stride + v * lanes;
        V value = sum[r][v];
        if (!first) value += load(to);
        if (last && bias) value += load(bias + v * lanes);
        store(to, value);
      }
    return;
  }
  for (size_t r = 0; r < row_count; ++r) {
    T row[vectors * lanes];
    for (size_t v = 0; v < vectors; ++v) store(row + v * lanes, sum[r][v]);
    T* to = y + r * y_stride;
    for (size_t o = 0; o < width; ++o) {
      T value = row[o];
      if (!first) value += to[o];
      if (last && bias) value += bias[o];
      to[o] = value;
    }
  }
}

template <class T, size_t vectors>
inline void panel(const T* x, size_t rows, size_t x_stride, size_t inputs, const T* packed,
                  const T* bias, size_t width, bool first, bool last, T* y, size_t y_stride) {
  constexpr size_t most = rows_together<vectors>();
  size_t r = 0;
#define SKOPS_ROWS(count)                                                                        \
  block<T, vectors, count>(x + r * x_stride, x_stride, inputs, packed, bias, width, first, last, \
                           y + r * y_stride, y_stride);                                          \
  r += count
  while (rows - r >= most) {
    SKOPS_ROWS(most);
  }
  if constexpr (most > 4) {
    if (rows - r >= 4) {
      SKOPS_ROWS(4);
    }
  }
  if (rows - r >= 2) {
    SKOPS_ROWS(2);
  }
  if (rows - r >= 1) {
    SKOPS_ROWS(1);
  }
#undef SKOPS_ROWS
}

// The panels' widths in vectors differ by one at most, the wider ones come first.
struct Panels {
  size_t count, wide, narrow_vectors;
};

template <class T>
inline Panels panels_of(size_t outputs) {
  size_t vectors = (outputs + Vector<T>::lanes - 1) / Vector<T>::lanes;
  size_t count = (vectors + 2) / 3;
  return {count, vectors % count, vectors / count};
}

template <class T>
void multiply_panels(const T* x, size_t rows, size_t x_stride, size_t inputs, const T* packed,
                     size_t outputs, const T* bias, T* y, size_t y_stride) {
  constexpr size_t lanes = Vector<T>::lanes;
  if (outputs == 0) return;
  const Panels panels = panels_of<T>(outputs);
  for (size_t row = 0; row < rows; row += row_tile) {
    const size_t tile = rows - row < row_tile ? rows - row : row_tile;
    size_t from = 0;
    do {  // once even without inputs, so that y is written
      const size_t some = inputs - from < input_block ? inputs - from : input_block;
      const bool first = from == 0, last = from + some == inputs;
      const T* start = packed;
      size_t output = 0;
      for (size_t p = 0; p < panels.count; ++p) {
        const size_t vectors = panels.narrow_vectors + (p < panels.wide ? 1 : 0);
        const size_t full = vectors * lanes;
        const size_t width = outputs - output < full ? outputs - output : full;
        const T* piece = start + from * full;
        const T* b = bias ? bias + output : nullptr;
        const T* xs = x + row * x_stride + from;
        T* ys = y + row * y_stride + output;
        if (vectors == 3)
          panel<T, 3>(xs, tile, x_stride, some, piece, b, width, first, last, ys, y_stride);
        else if (vectors == 2)
          panel<T, 2>(xs, tile, x_stride, some, piece, b, width, first, last, ys, y_stride);
        else
          panel<T, 1>(xs, tile, x_stride, some, piece, b, width, first, last, ys, y_stride);
        start += full * inputs;
        output += width;
      }
      from += some;
    } while (from < inputs);
  }
}

// Dot products of one row with `count` weight rows at once.
template <class T, size_t count>
inline void dot_row(const T* x, size_t inputs, const T* w, const T* bias, T* y) {
  using V = VectorOf<T>;
  constexpr size_t lanes = Vector<T>::lanes;
  constexpr size_t unroll = count == 1 ? 8 : count == 2 ? 4 : 2;
  V sum[count][unroll] = {};
  size_t i = 0;
  for (; i + unroll * lanes <= inputs; i += unroll * lanes)
    for (size_t u = 0; u < unroll; ++u) {
      V element = load(x + i + u * lanes);
      for (size_t o = 0; o < count; ++o)
        sum[o][u] = fma(load(w + o * inputs + i + u * lanes), element, sum[o][u]);
    }
  for (; i + lanes <= inputs; i += lanes) {
    V element = load(x + i);
    for (size_t o = 0; o < count; ++o)
      sum[o][0] = fma(load(w + o * inputs + i), element, sum[o][0]);
  }
  for (size_t o = 0; o < count; ++o) {
    for (size_t step = unroll / 2; step > 0; step /= 2)
      for (size_t u = 0; u < step; ++u) sum[o][u] += sum[o][u + step];
    T total = sum_lanes(sum[o][0]);
    for (size_t rest = i; rest < inputs; ++rest)
      total = fma_scalar(x[rest], w[o * inputs + rest], total);
    y[o] = bias ? total + bias[o] : total;
  }
}

template <class T>
void multiply_dots(const T* x, size_t rows, size_t x_stride, size_t inputs, const T* w,
                   size_t outputs, const T* bias, T* y, size_t y_stride) {
  for (size_t r = 0; r < rows; ++r) {
    const T* row = x + r * x_stride;
    T* to = y + r * y_stride;
    size_t o = 0;
    for (; outputs - o >= 4; o += 4)
      dot_row<T, 4>(row, inputs, w + o * inputs, bias ? bias + o : nullptr, to + o);
    const T* rest = w + o * inputs;
    const T* b = bias ? bias + o : nullptr;
    if (outputs - o == 3)
      dot_row<T, 3>(row, inputs, rest, b, to + o);
    else if (outputs - o == 2)
      dot_row<T, 2>(row, inputs, rest, b, to + o);
    else if (outputs - o == 1)
      dot_row<T, 1>(row, inputs, rest, b, to + o);
  }
}

template <class T, class Index, size_t vectors>
inline void sparse_panel(const Index* indices, const T* data, size_t count, const T* packed,
                         size_t width, const T* bias, T* y) {
  using V = VectorOf<T>;
  constexpr size_t lanes = Vector<T>::lanes;
  V sum[vectors] = {};
  for (size_t i = 0; i < count; ++i) {
    const T* w = packed + static_cast<size_t>(indices[i]) * vectors * lanes;
    const V element = splat(data[i]);
#pragma GCC unroll 3
    for (size_t v = 0; v < vectors; ++v) sum[v] = fma(load(w + v * lanes), element, sum[v]);
  }
  T row[vectors * lanes];
#pragma GCC unroll 3
  for (size_t v = 0; v < vectors; ++v) store(row + v * lanes, sum[v]);
  for (size_t o = 0; o < width; ++o) y[o] = bias ? row[o] + bias[o] : row[o];
}

template <class T, class Index>
void multiply_sparse_row(const Index* indices, const T* data, size_t count, size_t inputs,
                         const T* packed, size_t outputs, const T* bias, T* y) {
  constexpr size_t lanes = Vector<T>::lanes;
  if (outputs == 0) return;
  const Panels panels = panels_of<T>(outputs);
  size_t output = 0;
  for (size_t p = 0; p < panels.count; ++p) {
    const size_t vectors = panels.narrow_vectors + (p < panels.wide ? 1 : 0);
    const size_t full = vectors * lanes;
    const size_t width = outputs - output < full ? outputs - output : full;
    const T* b = bias ? bias + output : nullptr;
    if (vectors == 3)
      sparse_panel<T, Index, 3>(indices, data, count, packed, width, b, y + output);
    else if (vectors == 2)
      sparse_panel<T, Index, 2>(indices, data, count, packed, width, b, y + output);
    else
      sparse_panel<T, Index, 1>(indices, data, count, packed, width, b, y + output);
    packed += full * inputs;
    output += width;
  }
}

// The sum of ((x - center)²) / scale over a part of a row, in NumPy's order of summation: up to 128
// terms eight sums side by side, added in pairs, then the rest; longer rows in halves of multiples
// of eight. Likelihoods can be so large that another order would show in the probabilities.
// `tail` holds the last n % 8 elements of x, padded; the others are padded in memory.
inline double scaled_squares(const double* x, const double* tail, const double* center,
                             const double* scale, size_t n) {
  using V = VectorOf<double>;
  constexpr size_t lanes = Vector<double>::lanes;
  constexpr size_t parts = 8 / lanes;
  if (n > 128) {
    const size_t half = n / 2 - n / 2 % 8;
    return scaled_squares(x, x, center, scale, half) +
           scaled_squares(x + half, tail, center + half, scale + half, n - half);
  }
  double r[8], total = 0;
  size_t i = 0;
  if (n >= 8) {
    V sum[parts] = {};
    for (; i + 8 <= n; i += 8)
      for (size_t p = 0; p < parts; ++p) {
        const size_t at = i + p * lanes;
        const V a = load(x + at) - load(center + at);
        sum[p] += a * a / load(scale + at);
      }
    for (size_t p = 0; p < parts; ++p) store(r + p * lanes, sum[p]);
    total = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
  }
  if (i == n) return total;
  for (size_t p = 0; p < parts; ++p) {
    const V a = load(tail + p * lanes) - load(center + i + p * lanes);
    store(r + p * lanes, a * a / load(scale + i + p * lanes));
  }
  for (size_t k = 0; i + k < n; ++k) total += r[k];
  return total;
}

// The same by reciprocals and in whatever order is fastest.
inline double weighted_squares(const double* x, const double* tail, const double* center,
                               const double* weight, size_t n) {
  using V = VectorOf<double>;
  constexpr size_t lanes = Vector<double>::lanes;
  V sum[2] = {};
  size_t i = 0, part = 0;
  for (; i + 8 <= n; i += 8)
    for (size_t at = i; at < i + 8; at += lanes, part ^= 1) {
      const V a = load(x + at) - load(center + at);
      sum[part] = fma(a * a, load(weight + at), sum[part]);
    }
  for (size_t at = 0; i < n && at < 8; at += lanes, part ^= 1) {
    // Padding has the tail's zeros for elements and centers.
    const V a = load(tail + at) - load(center + i + at);
    sum[part] = fma(a * a, load(weight + i + at), sum[part]);
  }
  return sum_lanes(sum[0] + sum[1]);
}

void scaled_square_sums(const double* x, size_t rows, size_t x_stride, size_t inputs,
                        const double* centers, const double* scales, const double* reciprocals,
                        size_t padded, size_t outputs, double* y) {
  for (size_t r = 0; r < rows; ++r) {
    const double* row = x + r * x_stride;
    double tail[8] = {};
    for (size_t i = 0; i < inputs % 8; ++i) tail[i] = row[inputs - inputs % 8 + i];
    for (size_t o = 0; o < outputs; ++o) {
      const size_t at = o * padded;
      double sum = weighted_squares(row, tail, centers + at, reciprocals + at, inputs);
      if (!(sum < 1e4)) sum = scaled_squares(row, tail, centers + at, scales + at, inputs);
      y[r * outputs + o] = sum;
    }
  }
}

}  // namespace
