// The kernels for x86-64 with AVX-512 (F, DQ, VL, BW).
#define SKOPS_KERNELS kernels_avx512
#define SKOPS_SET avx512
#include "linalg/kernels_unit.hpp"
