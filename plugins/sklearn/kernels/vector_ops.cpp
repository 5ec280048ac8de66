#include "kernels/vector_ops.hpp"

namespace skops_sklearn::kernels {

extern const VectorOps kPortableOps;
#if defined(__x86_64__)
extern const VectorOps kAvx2Ops;
extern const VectorOps kAvx512Ops;
#endif

const VectorOps& vector_ops(Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::kAvx512 && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    return kAvx512Ops;
  }
  if (isa != Isa::kPortable && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return kAvx2Ops;
  }
#else
  (void)isa;
#endif
  return kPortableOps;
}

const VectorOps& vector_ops() {
  static const VectorOps& best = vector_ops(Isa::kAvx512);
  return best;
}

}  // namespace skops_sklearn::kernels
