// Brute-force k-NN of performance.md's size: 10,000 rows x 20 features, k = 5; median time a query,
// alone (cycling through 2,500) and in a batch of 10,000, for each instruction set.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <vector>

#include "neighbors/binary_tree.hpp"
#include "neighbors/brute_force.hpp"

using namespace skops_sklearn::neighbors;
using skops_sklearn::kernels::Isa;
using skops_sklearn::kernels::vector_ops;

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
  constexpr std::size_t n = 10000, dim = 20, queries = 10000, singles = 2500, k = 5;
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  std::vector<double> rows(n * dim), x(queries * dim), distances(queries * k);
  for (auto* v : {&rows, &x}) {
    for (double& value : *v) value = normal(random);
  }
  std::vector<std::int64_t> indices(queries * k);
  for (const Isa isa : {Isa::kAvx512, Isa::kAvx2, Isa::kPortable}) {
    const BruteForce search(Metric{}, rows, dim, false, vector_ops(isa));
    const double one = median_microseconds(5, [&] {
      for (std::size_t q = 0; q < singles; ++q) {
        search.query(&x[q * dim], dim, 1, k, Ties::kHeap, {}, distances.data(), indices.data());
      }
    });
    const double batch = median_microseconds(3, [&] {
      search.query(x.data(), dim, queries, k, Ties::kHeap, {}, distances.data(), indices.data());
    });
    std::printf("k-NN 10,000 x 20, isa %d: %.2f us one row, %.2f us a row in a batch\n",
                static_cast<int>(isa), one / singles, batch / queries);
  }
  constexpr std::size_t low = 5;
  const BinaryTree tree(TreeKind::kKd, Metric{}, {rows.data(), n * low}, low, 30, {});
  const double one = median_microseconds(5, [&] {
    for (std::size_t q = 0; q < singles; ++q) {
      tree.query(&x[q * low], k, HeapSort::kIntrosort, distances.data(), indices.data());
    }
  });
  std::printf("KD tree 10,000 x 5: %.2f us a row\n", one / singles);
}
