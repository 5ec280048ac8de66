// The vector kernels in plain C++, for processors without AVX2 and for other architectures.
#include <cmath>
#include <cstring>

#include "kernels/vector_ops.hpp"

namespace skops_sklearn::kernels {
extern const VectorOps kPortableOps;
namespace {

template <class T>
struct Plain {
  static constexpr int kLanes = 4;
  struct V {
    T at[kLanes];
  };
  using Scalar = T;
  template <class F>
  static V map(F f) {
    V r;
    for (int i = 0; i < kLanes; ++i) r.at[i] = f(i);
    return r;
  }
  static V load(const T* p) {
    return map([&](int i) { return p[i]; });
  }
  static void store(T* p, const V& v) { std::memcpy(p, v.at, sizeof v.at); }
  static V all(T v) {
    return map([&](int) { return v; });
  }
  static V add(const V& a, const V& b) {
    return map([&](int i) { return a.at[i] + b.at[i]; });
  }
  static V sub(const V& a, const V& b) {
    return map([&](int i) { return a.at[i] - b.at[i]; });
  }
  static V mul(const V& a, const V& b) {
    return map([&](int i) { return a.at[i] * b.at[i]; });
  }
  static V div(const V& a, const V& b) {
    return map([&](int i) { return a.at[i] / b.at[i]; });
  }
  // Rounded twice: a software fma would cost a hundred times as much.
  static V fma(const V& a, const V& b, const V& c) {
    return map([&](int i) { return a.at[i] * b.at[i] + c.at[i]; });
  }
  static V max(const V& a, const V& b) {
    return map([&](int i) { return a.at[i] > b.at[i] ? a.at[i] : b.at[i]; });
  }
  static V min(const V& a, const V& b) {
    return map([&](int i) { return a.at[i] < b.at[i] ? a.at[i] : b.at[i]; });
  }
  static V abs(const V& a) {
    return map([&](int i) { return std::fabs(a.at[i]); });
  }
  static V round(const V& a) {
    return map([&](int i) { return std::nearbyint(a.at[i]); });
  }
  static unsigned less(const V& a, const V& b) {
    unsigned m = 0;
    for (int i = 0; i < kLanes; ++i) m |= unsigned(a.at[i] < b.at[i]) << i;
    return m;
  }
  static unsigned at_most(const V& a, const V& b) {
    unsigned m = 0;
    for (int i = 0; i < kLanes; ++i) m |= unsigned(a.at[i] <= b.at[i]) << i;
    return m;
  }
  static V select_less(const V& a, const V& b, const V& yes, const V& no) {
    return map([&](int i) { return a.at[i] < b.at[i] ? yes.at[i] : no.at[i]; });
  }
  static V scale(const V& v, const V& n) {
    return map([&](int i) { return std::ldexp(v.at[i], static_cast<int>(n.at[i])); });
  }
  static V copy_sign(const V& magnitude, const V& sign) {
    return map([&](int i) { return std::copysign(magnitude.at[i], sign.at[i]); });
  }
};
using F64 = Plain<double>;
using F32 = Plain<float>;

constexpr Isa kIsa = Isa::kPortable;
constexpr int kDotRows = 2;     // query rows held in registers ...
constexpr int kDotVectors = 2;  // ... beside so many vectors of points
constexpr int kSingleBlocks = 1;
constexpr int kScanRows = 2;  // the same for scans
constexpr int kScanVectors = 2;

#include "kernels/vector_ops_body.inc"

}  // namespace

const VectorOps kPortableOps = make_ops();

}  // namespace skops_sklearn::kernels
