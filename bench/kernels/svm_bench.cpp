// RBF machine of performance.md's size: 1800 support vectors, 20 features, 2 classes; median time a
// row, alone (cycling through 2,500 rows) and in a batch of 10,000, for each instruction set.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <vector>

#include "kernels/svm_machine.hpp"

using namespace skops_sklearn::kernels;

namespace {
template <class F>
double median_microseconds(int repeats, F f) {
  std::vector<double> times;
  for (int i = 0; i < repeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    f();
    times.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
            .count());
  }
  std::nth_element(times.begin(), times.begin() + repeats / 2, times.end());
  return times[repeats / 2];
}
}  // namespace

int main() {
  constexpr std::size_t n = 1800, dim = 20, rows = 10000, singles = 2500;
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  std::vector<double> vectors(n * dim), coef(n), x(rows * dim), out(rows);
  for (auto* v : {&vectors, &coef, &x}) {
    for (double& value : *v) value = normal(random);
  }
  const std::vector<double> intercept = {0.1};
  SvmSource source;
  source.gamma = 0.05;
  source.dim = dim;
  source.dense = vectors;
  source.class_sizes = {900, 900};
  source.dual_coef = coef;
  source.intercept = intercept;
  for (const Isa isa : {Isa::kAvx512, Isa::kAvx2, Isa::kPortable}) {
    const SvmMachine machine(source, vector_ops(isa));
    const double one = median_microseconds(9, [&] {
      for (std::size_t r = 0; r < singles; ++r) machine.decisions(&x[r * dim], dim, 1, &out[r]);
    });
    const double batch =
        median_microseconds(5, [&] { machine.decisions(x.data(), dim, rows, out.data()); });
    std::printf("SVC RBF 1800 x 20, isa %d: %.2f us one row, %.2f us a row in a batch\n",
                static_cast<int>(isa), one / singles, batch / rows);
  }
}
