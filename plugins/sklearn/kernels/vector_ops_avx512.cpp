// The vector kernels for processors with AVX-512 (F, DQ, VL).
#if defined(__x86_64__)
#include <immintrin.h>

#include <cstring>

#include "kernels/vector_ops.hpp"

// Everything below is compiled for AVX-512, whatever the flags of the build; no header may follow,
// or its inline functions would be too.
#pragma GCC target("avx512f,avx512dq,avx512vl,avx2,fma")
// The compiler's own intrinsics pass deliberately undefined values.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

namespace skops_sklearn::kernels {
extern const VectorOps kAvx512Ops;
namespace {

struct F64 {
  using V = __m512d;
  using Scalar = double;
  static constexpr int kLanes = 8;
  static V load(const double* p) { return _mm512_loadu_pd(p); }
  static void store(double* p, V v) { _mm512_storeu_pd(p, v); }
  static V all(double v) { return _mm512_set1_pd(v); }
  static V add(V a, V b) { return _mm512_add_pd(a, b); }
  static V sub(V a, V b) { return _mm512_sub_pd(a, b); }
  static V mul(V a, V b) { return _mm512_mul_pd(a, b); }
  static V div(V a, V b) { return _mm512_div_pd(a, b); }
  static V fma(V a, V b, V c) { return _mm512_fmadd_pd(a, b, c); }
  static V max(V a, V b) { return _mm512_max_pd(a, b); }
  static V min(V a, V b) { return _mm512_min_pd(a, b); }
  static V abs(V a) { return _mm512_abs_pd(a); }
  static V round(V a) { return _mm512_roundscale_pd(a, _MM_FROUND_TO_NEAREST_INT); }
  static unsigned less(V a, V b) { return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ); }
  static V select_less(V a, V b, V yes, V no) {
    return _mm512_mask_blend_pd(_mm512_cmp_pd_mask(a, b, _CMP_LT_OQ), no, yes);
  }
  // v * 2^n for whole n within the normal exponents.
  static V scale(V v, V n) { return _mm512_scalef_pd(v, n); }
  static V copy_sign(V magnitude, V sign) {
    const V bit = _mm512_set1_pd(-0.0);
    return _mm512_or_pd(_mm512_andnot_pd(bit, magnitude), _mm512_and_pd(bit, sign));
  }
};

struct F32 {
  using V = __m512;
  using Scalar = float;
  static constexpr int kLanes = 16;
  static V load(const float* p) { return _mm512_loadu_ps(p); }
  static void store(float* p, V v) { _mm512_storeu_ps(p, v); }
  static V all(float v) { return _mm512_set1_ps(v); }
  static V sub(V a, V b) { return _mm512_sub_ps(a, b); }
  static V mul(V a, V b) { return _mm512_mul_ps(a, b); }
  static V fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
  static V min(V a, V b) { return _mm512_min_ps(a, b); }
  static unsigned less(V a, V b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
  static unsigned at_most(V a, V b) { return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ); }
};

constexpr Isa kIsa = Isa::kAvx512;
constexpr int kDotRows = 6;       // query rows held in registers ...
constexpr int kDotVectors = 2;    // ... beside so many vectors of points
constexpr int kSingleBlocks = 4;  // blocks beside a single row
constexpr int kScanRows = 4;      // the same for scans
constexpr int kScanVectors = 4;

#include "kernels/vector_ops_body.inc"

}  // namespace

const VectorOps kAvx512Ops = make_ops();

}  // namespace skops_sklearn::kernels
#endif
