// Run-time choice of the instruction set.
#include "linalg/kernels.hpp"

#include <initializer_list>

namespace skops_sklearn::linalg {

extern const Kernels kernels_baseline;
#if defined(SKOPS_LINALG_X86)
extern const Kernels kernels_avx2;
extern const Kernels kernels_avx512;
#endif

const Kernels* kernels_of(InstructionSet set) {
  switch (set) {
    case InstructionSet::baseline: return &kernels_baseline;
#if defined(SKOPS_LINALG_X86)
    case InstructionSet::avx2:
      if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &kernels_avx2;
      return nullptr;
    case InstructionSet::avx512:
      if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
          __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
          __builtin_cpu_supports("fma"))
        return &kernels_avx512;
      return nullptr;
#endif
    default: return nullptr;
  }
}

const Kernels& best_kernels() {
  static const Kernels* const best = [] {
    for (InstructionSet set : {InstructionSet::avx512, InstructionSet::avx2})
      if (const Kernels* found = kernels_of(set)) return found;
    return &kernels_baseline;
  }();
  return *best;
}

}  // namespace skops_sklearn::linalg
