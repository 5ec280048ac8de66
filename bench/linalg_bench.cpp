// Speed of the products and element-wise functions: µs per row, and GF/s where it says more.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <vector>

#include "linalg/elementwise.hpp"
#include "linalg/weights.hpp"

namespace la = skops_sklearn::linalg;

namespace {

template <class Function>
double best_seconds(Function function) {
  double best = 1e9;
  for (int round = 0; round < 7; ++round) {
    int repeats = 0;
    const auto start = std::chrono::steady_clock::now();
    double elapsed = 0;
    do {
      function();
      ++repeats;
      elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    } while (elapsed < 0.02);
    best = std::min(best, elapsed / repeats);
  }
  return best;
}

template <class T>
void product(const char* what, std::size_t inputs, std::size_t outputs) {
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  std::vector<T> w(inputs * outputs), x(2500 * inputs), y(2500 * outputs);
  for (T& e : w) e = T(normal(random));
  for (T& e : x) e = T(normal(random));
  for (auto set :
       {la::InstructionSet::baseline, la::InstructionSet::avx2, la::InstructionSet::avx512}) {
    const la::Kernels* kernels = la::kernels_of(set);
    if (!kernels) continue;
    la::Weights<T> weights(w.data(), inputs, outputs, std::ptrdiff_t(outputs), 1, *kernels);
    const double one = best_seconds([&] {
      for (std::size_t r = 0; r < 2500; ++r)
        weights.multiply(&x[r * inputs], 1, inputs, nullptr, &y[r * outputs], outputs);
    });
    const double many =
        best_seconds([&] { weights.multiply(x.data(), 2500, inputs, nullptr, y.data(), outputs); });
    std::printf("%-26s set %d: one row %8.3f us, of many %8.3f us (%.1f GF/s)\n", what, int(set),
                one / 2500 * 1e6, many / 2500 * 1e6, 2e-9 * 2500 * inputs * outputs / many);
  }
}

}  // namespace

int main() {
  product<double>("1000 -> 1", 1000, 1);
  product<double>("1000 -> 3", 1000, 3);
  product<double>("1000 -> 10", 1000, 10);
  product<double>("20 -> 100", 20, 100);
  product<double>("100 -> 100", 100, 100);
  product<double>("100 -> 4", 100, 4);
  product<double>("784 -> 50", 784, 50);
  product<float>("784 -> 50 float", 784, 50);
  product<double>("1000 -> 1000", 1000, 1000);
  std::vector<double> x(4096), y(4096);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = double(i % 400) / 20 - 10;
  for (auto set :
       {la::InstructionSet::baseline, la::InstructionSet::avx2, la::InstructionSet::avx512}) {
    const la::Kernels* kernels = la::kernels_of(set);
    if (!kernels) continue;
    const auto& m = kernels->math64;
    auto show = [&](const char* name, auto function) {
      std::printf("%-8s set %d: %.3f ns\n", name, int(set),
                  best_seconds([&] { function(x.data(), x.size(), y.data()); }) / 4096 * 1e9);
    };
    show("exp", m.exp), show("log", m.log), show("tanh", m.tanh), show("expit", m.expit);
    show("finite", [&](const double* p, std::size_t n, double* q) { *q = m.all_finite(p, n); });
  }
}
