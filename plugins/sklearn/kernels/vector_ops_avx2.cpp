// The vector kernels for processors with AVX2 and FMA.
#if defined(__x86_64__)
#include <immintrin.h>

#include <cstring>

#include "kernels/vector_ops.hpp"

// Everything below is compiled for AVX2, whatever the flags of the build; no header may follow, or
// its inline functions would be too.
#pragma GCC target("avx2,fma")

namespace skops_sklearn::kernels {
extern const VectorOps kAvx2Ops;
namespace {

struct F64 {
  using V = __m256d;
  using Scalar = double;
  static constexpr int kLanes = 4;
  static V load(const double* p) { return _mm256_loadu_pd(p); }
  static void store(double* p, V v) { _mm256_storeu_pd(p, v); }
  static V all(double v) { return _mm256_set1_pd(v); }
  static V add(V a, V b) { return _mm256_add_pd(a, b); }
  static V sub(V a, V b) { return _mm256_sub_pd(a, b); }
  static V mul(V a, V b) { return _mm256_mul_pd(a, b); }
  static V div(V a, V b) { return _mm256_div_pd(a, b); }
  static V fma(V a, V b, V c) { return _mm256_fmadd_pd(a, b, c); }
  static V max(V a, V b) { return _mm256_max_pd(a, b); }
  static V min(V a, V b) { return _mm256_min_pd(a, b); }
  static V abs(V a) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), a); }
  static V round(V a) { return _mm256_round_pd(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
  static unsigned less(V a, V b) { return _mm256_movemask_pd(_mm256_cmp_pd(a, b, _CMP_LT_OQ)); }
  static V select_less(V a, V b, V yes, V no) {
    return _mm256_blendv_pd(no, yes, _mm256_cmp_pd(a, b, _CMP_LT_OQ));
  }
  // v * 2^n for whole n within the normal exponents: adding 1.5 * 2^52 leaves n in the low bits of
  // the sum, from where it moves into the exponent.
  static V scale(V v, V n) {
    const __m256i bits = _mm256_castpd_si256(_mm256_add_pd(n, _mm256_set1_pd(6755399441055744.0)));
    return _mm256_castsi256_pd(
        _mm256_add_epi64(_mm256_castpd_si256(v), _mm256_slli_epi64(bits, 52)));
  }
  static V copy_sign(V magnitude, V sign) {
    const V bit = _mm256_set1_pd(-0.0);
    return _mm256_or_pd(_mm256_andnot_pd(bit, magnitude), _mm256_and_pd(bit, sign));
  }
};

struct F32 {
  using V = __m256;
  using Scalar = float;
  static constexpr int kLanes = 8;
  static V load(const float* p) { return _mm256_loadu_ps(p); }
  static void store(float* p, V v) { _mm256_storeu_ps(p, v); }
  static V all(float v) { return _mm256_set1_ps(v); }
  static V sub(V a, V b) { return _mm256_sub_ps(a, b); }
  static V mul(V a, V b) { return _mm256_mul_ps(a, b); }
  static V fma(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
  static V min(V a, V b) { return _mm256_min_ps(a, b); }
  static unsigned less(V a, V b) { return _mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_LT_OQ)); }
  static unsigned at_most(V a, V b) { return _mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_LE_OQ)); }
};

constexpr Isa kIsa = Isa::kAvx2;
constexpr int kDotRows = 6;       // query rows held in registers ...
constexpr int kDotVectors = 2;    // ... beside so many vectors of points
constexpr int kSingleBlocks = 2;  // blocks beside a single row
constexpr int kScanRows = 6;      // the same for scans
constexpr int kScanVectors = 2;

#include "kernels/vector_ops_body.inc"

}  // namespace

const VectorOps kAvx2Ops = make_ops();

}  // namespace skops_sklearn::kernels
#endif
