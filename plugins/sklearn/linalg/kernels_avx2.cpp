// The kernels for x86-64 with AVX2 and FMA.
#define SKOPS_KERNELS kernels_avx2
#define SKOPS_SET avx2
#include "linalg/kernels_unit.hpp"
