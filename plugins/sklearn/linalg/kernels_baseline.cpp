// The kernels for any processor of the architecture.
#define SKOPS_KERNELS kernels_baseline
#define SKOPS_SET baseline
#include "linalg/kernels_unit.hpp"
