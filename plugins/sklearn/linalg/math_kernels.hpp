// Element-wise functions of one instruction set; included by the kernel units only (vector.hpp).
//
// exp: x = k ln 2 + r with |r| ≤ ln 2 / 2 and ln 2 split in two so that r is exact to beyond
// double, the Taylor polynomial of degree 13 (its error is 4e-18), then 2^k in two halves so that
// results below the smallest normal number are rounded once. log: x = m 2^e with m around 1, and
// the series of atanh in s = (m - 1) / (m + 1), whose terms beyond s^23 vanish. tanh(x) comes from
// expm1(2|x|). At most 2 ulp from the exact value; float32 is computed in float64 and rounded once.
#pragma once

#include "linalg/vector.hpp"

namespace {

using D = Vector<double>::type;
using B = Vector<double>::bits;
// For sums of bits that any input may carry beyond 63 of them, which signed numbers must not.
using U = Vector<double>::wrapping;

inline D select(B condition, D yes, D no) {
  return condition ? yes : no;
}
inline D all(double x) {
  return splat(x);
}

constexpr double round_magic = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to an integer
constexpr double ln2_high = 0x1.62e42fefa3800p-1;   // the low bits are zero: k * ln2_high is exact
constexpr double ln2_low = 0x1.ef35793c76730p-45;

// 2^k for an integer k of magnitude up to 1022.
inline D power_of_two(D k) {
  U exponent = reinterpret_cast<U>(k + round_magic) << 52;
  return reinterpret_cast<D>(exponent + (uint64_t{1023} << 52));
}

struct Reduced {
  D k, r;
};

inline Reduced reduce(D x) {
  D k = (x * 0x1.71547652b82fep+0 + round_magic) - round_magic;
  D r = fma(k, all(-ln2_high), x);
  return {k, fma(k, all(-ln2_low), r)};
}

// exp(r) - 1 for |r| ≤ ln 2 / 2.
inline D expm1_polynomial(D r) {
  D p = all(1.0 / 6227020800.0);
  constexpr double factors[] = {1.0 / 479001600.0,
                                1.0 / 39916800.0,
                                1.0 / 3628800.0,
                                1.0 / 362880.0,
                                1.0 / 40320.0,
                                1.0 / 5040.0,
                                1.0 / 720.0,
                                1.0 / 120.0,
                                1.0 / 24.0,
                                1.0 / 6.0,
                                0.5};
  for (double factor : factors) p = fma(p, r, all(factor));
  return fma(r * r, p, r);
}

inline D scale(D value, D k) {
  D half = (k * 0.5 + round_magic) - round_magic;
  return value * power_of_two(half) * power_of_two(k - half);
}

inline D exp_of(D x) {
  D clamped = select(x > 710.0, all(710.0), x);
  clamped = select(clamped < -746.0, all(-746.0), clamped);  // NaN stays NaN in both
  Reduced reduced = reduce(clamped);
  return scale(1.0 + expm1_polynomial(reduced.r), reduced.k);
}

inline D expm1_of(D x) {
  D clamped = select(x > 710.0, all(710.0), x);
  clamped = select(clamped < -40.0, all(-40.0), clamped);
  Reduced reduced = reduce(clamped);
  D p = expm1_polynomial(reduced.r);
  // 2^k (p + 1) - 1; beyond 2^1000 the one no longer counts and 2^1024 must not be formed.
  D k = select(reduced.k > 1000.0, all(1000.0), reduced.k);
  D two_k = power_of_two(k);
  D small = fma(p, two_k, two_k - 1.0);
  return select(reduced.k > 1000.0, scale(1.0 + p, reduced.k), small);
}

inline D tanh_of(D x) {
  B sign = reinterpret_cast<B>(x) & INT64_MIN;
  D size = reinterpret_cast<D>(reinterpret_cast<B>(x) ^ sign);
  D twice = select(size > 20.0, all(40.0), size + size);
  D e = expm1_of(twice);
  D value = e / (e + 2.0);
  return reinterpret_cast<D>(reinterpret_cast<B>(value) | sign);
}

inline D expit_of(D x) {
  return 1.0 / (1.0 + exp_of(-x));
}

inline D log_of(D x) {
  const double smallest = 0x1p-1022;
  B tiny = x < smallest;
  D scaled = select(tiny, x * 0x1p54, x);
  U bits = reinterpret_cast<U>(scaled);
  // The exponent, such that the mantissa lies between sqrt(1/2) and sqrt(2).
  U shifted = bits - uint64_t{0x3fe6a09e667f3bcd};
  B exponent = reinterpret_cast<B>(shifted) >> 52;
  D m = reinterpret_cast<D>(bits - (reinterpret_cast<U>(exponent) << 52));
  D e = __builtin_convertvector(exponent, D) - select(tiny, all(54.0), all(0.0));
  D f = m - 1.0;
  D s = f / (2.0 + f);
  D z = s * s;
  D p = all(2.0 / 23);
  constexpr double factors[] = {2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15, 2.0 / 13,
                                2.0 / 11, 2.0 / 9,  2.0 / 7,  2.0 / 5,  2.0 / 3};
  for (double factor : factors) p = fma(p, z, all(factor));
  // log m = f - f²/2 + s (f²/2 + z p), the leading terms last.
  D half = 0.5 * f * f;
  D value = fma(e, all(ln2_high), f - (half - fma(s, half + z * p, e * ln2_low)));
  value = select(x > 0x1.fffffffffffffp+1023, x, value);  // infinity
  value = select(x == 0.0, all(-__builtin_inf()), value);
  return select(!(x >= 0.0), (x - x) / (x - x), value);  // negative or NaN
}

#define SKOPS_MAP(name)                                 \
  struct Map_##name {                                   \
    static inline D apply(D x) { return name##_of(x); } \
  }
SKOPS_MAP(exp);
SKOPS_MAP(log);
SKOPS_MAP(expm1);
SKOPS_MAP(tanh);
SKOPS_MAP(expit);
#undef SKOPS_MAP

template <class Map>
void map64(const double* x, size_t n, double* y) {
  constexpr size_t lanes = Vector<double>::lanes;
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) store(y + i, Map::apply(load(x + i)));
  if (i == n) return;
  double rest[lanes] = {};
  for (size_t j = 0; i + j < n; ++j) rest[j] = x[i + j];
  store(rest, Map::apply(load(rest)));
  for (size_t j = 0; i + j < n; ++j) y[i + j] = rest[j];
}

template <class Map>
void map32(const float* x, size_t n, float* y) {
  constexpr size_t lanes = Vector<double>::lanes;
  typedef float Half __attribute__((vector_size(lanes * 4)));
  typedef float Loose __attribute__((vector_size(lanes * 4), aligned(4), may_alias));
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    Half in = *reinterpret_cast<const Loose*>(x + i);
    D out = Map::apply(__builtin_convertvector(in, D));
    *reinterpret_cast<Loose*>(y + i) = __builtin_convertvector(out, Half);
  }
  if (i == n) return;
  double rest[lanes] = {};
  for (size_t j = 0; i + j < n; ++j) rest[j] = x[i + j];
  store(rest, Map::apply(load(rest)));
  for (size_t j = 0; i + j < n; ++j) y[i + j] = static_cast<float>(rest[j]);
}

// SciPy computes expit of float32 in float32, where exp(-x) overflows at 88.7 and 1 + exp(-x)
// rounds: 1 minus the result shows it.
inline void expit32(const float* x, size_t n, float* y) {
  constexpr size_t lanes = Vector<double>::lanes;
  typedef float Half __attribute__((vector_size(lanes * 4)));
  typedef float Loose __attribute__((vector_size(lanes * 4), aligned(4), may_alias));
  const auto apply = [](Half in) {
    const D e = exp_of(-__builtin_convertvector(in, D));
    const Half rounded = __builtin_convertvector(e, Half);
    return 1.0f / (1.0f + rounded);
  };
  size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    *reinterpret_cast<Loose*>(y + i) = apply(*reinterpret_cast<const Loose*>(x + i));
  if (i == n) return;
  float rest[lanes] = {};
  for (size_t j = 0; i + j < n; ++j) rest[j] = x[i + j];
  *reinterpret_cast<Loose*>(rest) = apply(*reinterpret_cast<const Loose*>(rest));
  for (size_t j = 0; i + j < n; ++j) y[i + j] = rest[j];
}

// x - x is zero for finite numbers and NaN for all others.
template <class T>
bool finite(const T* x, size_t n) {
  using V = VectorOf<T>;
  constexpr size_t lanes = Vector<T>::lanes;
  V sum[4] = {};
  size_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes)
    for (size_t u = 0; u < 4; ++u) {
      V v = load(x + i + u * lanes);
      sum[u] += v - v;
    }
  for (; i + lanes <= n; i += lanes) {
    V v = load(x + i);
    sum[0] += v - v;
  }
  T total = sum_lanes((sum[0] + sum[1]) + (sum[2] + sum[3]));
  for (; i < n; ++i) total += x[i] - x[i];
  return total == 0;
}

}  // namespace
