// The sums of GaussianNB: large ones in NumPy's order, equal to the bit for every instruction set;
// small ones to 1e-12.
#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "linalg/kernels.hpp"

namespace la = skops_sklearn::linalg;

namespace {

// numpy/_core/src/umath/loops_utils: pairwise summation, restated.
double pairwise(const std::vector<double>& a, std::size_t from, std::size_t n) {
  if (n < 8) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += a[from + i];
    return sum;
  }
  if (n <= 128) {
    double r[8];
    std::copy_n(a.begin() + std::ptrdiff_t(from), 8, r);
    std::size_t i = 8;
    for (; i < n - n % 8; ++i) r[i % 8] += a[from + i];
    double sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    for (; i < n; ++i) sum += a[from + i];
    return sum;
  }
  std::size_t half = n / 2;
  half -= half % 8;
  return pairwise(a, from, half) + pairwise(a, from + half, n - half);
}

}  // namespace

BOOST_DATA_TEST_CASE(scaled_squares_are_summed_as_numpy_does,
                     boost::unit_test::data::make({1e4, 1.0}), spread) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  for (auto set :
       {la::InstructionSet::baseline, la::InstructionSet::avx2, la::InstructionSet::avx512}) {
    const la::Kernels* kernels = la::kernels_of(set);
    if (!kernels) continue;
    for (std::size_t inputs : {0u, 1u, 7u, 8u, 9u, 20u, 127u, 128u, 129u, 140u, 300u, 1000u}) {
      const std::size_t padded = (inputs + 7) / 8 * 8, rows = 3, outputs = 2;
      std::vector<double> x(rows * inputs), centers(outputs * padded), scales(outputs * padded, 1);
      for (double& e : x) e = spread * normal(random);
      for (std::size_t k = 0; k < centers.size(); ++k) {
        if (k % padded >= inputs) continue;
        centers[k] = normal(random);
        scales[k] = std::abs(normal(random)) + 1e-3;
      }
      std::vector<double> reciprocals;
      for (double e : scales) reciprocals.push_back(1 / e);
      std::vector<double> y(rows * outputs);
      kernels->scaled_square_sums(x.data(), rows, inputs, inputs, centers.data(), scales.data(),
                                  reciprocals.data(), padded, outputs, y.data());
      for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t o = 0; o < outputs; ++o) {
          std::vector<double> terms(inputs);
          for (std::size_t i = 0; i < inputs; ++i) {
            const double a = x[r * inputs + i] - centers[o * padded + i];
            terms[i] = a * a / scales[o * padded + i];
          }
          const double expected = pairwise(terms, 0, inputs);
          if (expected < 1e4)
            BOOST_TEST(std::abs(y[r * outputs + o] - expected) <= 1e-12 * (1 + expected));
          else
            BOOST_TEST(y[r * outputs + o] == expected);
        }
    }
  }
}
