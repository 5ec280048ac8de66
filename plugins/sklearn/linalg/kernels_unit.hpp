// The body of a kernel unit: one table, named by SKOPS_KERNELS, for the instruction set that the
// including file is compiled for.
#pragma once

#include "linalg/kernels.hpp"
#include "linalg/math_kernels.hpp"
#include "linalg/product_kernels.hpp"

namespace skops_sklearn::linalg {

extern const Kernels SKOPS_KERNELS;
const Kernels SKOPS_KERNELS = {
    InstructionSet::SKOPS_SET,
    {Vector<double>::lanes, multiply_panels<double>, multiply_dots<double>,
     multiply_sparse_row<double, int32_t>, multiply_sparse_row<double, int64_t>},
    {Vector<float>::lanes, multiply_panels<float>, multiply_dots<float>,
     multiply_sparse_row<float, int32_t>, multiply_sparse_row<float, int64_t>},
    {map64<Map_exp>, map64<Map_log>, map64<Map_expm1>, map64<Map_tanh>, map64<Map_expit>,
     finite<double>},
    {map32<Map_exp>, map32<Map_log>, map32<Map_expm1>, map32<Map_tanh>, expit32, finite<float>},
    scaled_square_sums};

}  // namespace skops_sklearn::linalg
