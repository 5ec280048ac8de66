// The inner loops of kernel machines, neighbours and centre-based models, once per instruction set.
//
// `vector_ops()` gives the table for this processor, found once; `vector_ops(isa)` a given one, for
// tests and benchmarks. Every function is pure: it reads its arguments, writes `out` and may run in
// any number of threads.
//
// Conventions: `packed` is the first block of packed points (packed_points.hpp), `x` a C-ordered
// matrix of `rows` query rows, `ldx` values apart. Results of row r, point p of the blocks go to
// out[r * ldo + p]; ldo is at least 16 (float32: 32) * n_blocks.
//
// Order of summation: over features from the first to the last, one accumulator a point. The dot
// products use fused multiply-add where the processor has it, which is what OpenBLAS's matrix
// products do, so they give the same bits; the distances round each product, as scikit-learn's
// compiled loops do.
#pragma once

#include <cstddef>
#include <cstdint>

namespace skops_sklearn::kernels {

enum class Isa { kPortable, kAvx2, kAvx512 };

// Best scores so far of one query row in a scan by `scan_f32`.
struct ScanRow {
  const float* x;          // -2 * query, float32
  float threshold;         // points with a higher score are dropped
  std::uint32_t capacity;  // of the two arrays
  std::uint32_t count;     // candidates kept so far
  std::uint32_t* index;
  float* score;
};

struct VectorOps {
  Isa isa;

  // sum_f x[f] * p[f]
  void (*dots_f64)(const double* packed, std::size_t n_blocks, std::size_t dim, const double* x,
                   std::size_t ldx, std::size_t rows, double* out, std::size_t ldo);
  void (*dots_f32)(const float* packed, std::size_t n_blocks, std::size_t dim, const float* x,
                   std::size_t ldx, std::size_t rows, float* out, std::size_t ldo);
  // sum_f (x[f] - p[f])^2, sum_f |x[f] - p[f]|, max_f |x[f] - p[f]|
  void (*sq_distances)(const double* packed, std::size_t n_blocks, std::size_t dim, const double* x,
                       std::size_t ldx, std::size_t rows, double* out, std::size_t ldo);
  void (*abs_distances)(const double* packed, std::size_t n_blocks, std::size_t dim,
                        const double* x, std::size_t ldx, std::size_t rows, double* out,
                        std::size_t ldo);
  void (*max_distances)(const double* packed, std::size_t n_blocks, std::size_t dim,
                        const double* x, std::size_t ldx, std::size_t rows, double* out,
                        std::size_t ldo);

  // v[i] = exp(v[i]) for v[i] <= 0, below 2 ulp; results under the smallest normal number are 0.
  void (*exp_nonpositive)(double* v, std::size_t n);
  // v[i] = exp(-gamma * max(0, x_norm + norms[i] - 2 v[i])): RBF from dot products.
  void (*rbf_from_dots)(double* v, const double* norms, std::size_t n, double x_norm, double gamma);
  // v[i] = exp(-gamma * v[i]): RBF from squared distances.
  void (*rbf_from_squares)(double* v, std::size_t n, double gamma);
  // v[i] = (gamma * v[i] + coef0) ^ degree, by repeated squaring in libsvm's order.
  void (*poly_from_dots)(double* v, std::size_t n, double gamma, double coef0, int degree);
  // v[i] = tanh(gamma * v[i] + coef0), absolute error below 4e-16.
  void (*tanh_from_dots)(double* v, std::size_t n, double gamma, double coef0);
  // sum_i a[i] * b[i]; n is a multiple of 8, any order of summation.
  double (*weighted_sum)(const double* a, const double* b, std::size_t n);

  // sum_i a[i] * b[i] in the order of OpenBLAS's `ddot` for this kind of processor (checked against
  // 0.3.30 for SkylakeX), which scikit-learn takes norms with.
  double (*blas_dot)(const double* a, const double* b, std::size_t n);

  // out[i] = sum_f x[f] * rows[ids[i] * ld + f], fused, features in order.
  void (*dots_of_rows)(const double* x, const double* rows, std::size_t ld, std::size_t dim,
                       const std::uint32_t* ids, std::size_t n, double* out);

  // For each row: score = offsets[p] + sum_f x[f] * p[f]; each point whose score is at most the
  // row's threshold is appended to the row. Stops when a row has room for less than 64 more points
  // and returns the number of blocks done. `first` is the index of the first point.
  std::size_t (*scan_f32)(const float* packed, const float* offsets, std::size_t n_blocks,
                          std::size_t dim, ScanRow* rows, std::size_t n_rows, std::uint32_t first);

  // Index of the first smallest of (offsets[i] - 2 * dots[i]), i < n.
  std::size_t (*argmin_f64)(const double* dots, const double* offsets, std::size_t n);
  std::size_t (*argmin_f32)(const float* dots, const float* offsets, std::size_t n);
};

const VectorOps& vector_ops();
// The table of one instruction set; the next lower one where this processor lacks it.
const VectorOps& vector_ops(Isa isa);

}  // namespace skops_sklearn::kernels
