// Every instruction set, dense and sparse, over shapes around the widths of panels, blocks and
// tiles, against sums in long double.
#include "linalg/weights.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

namespace la = skops_sklearn::linalg;
namespace bdata = boost::unit_test::data;

namespace {

const la::InstructionSet sets[] = {la::InstructionSet::baseline, la::InstructionSet::avx2,
                                   la::InstructionSet::avx512};
const std::size_t input_counts[] = {0, 1, 2, 3, 7, 8, 15, 33, 255, 256, 257, 600};
const std::size_t output_counts[] = {1, 2, 3, 4, 5, 8, 9, 16, 17, 24, 25, 33, 47, 49, 65};
const std::size_t row_counts[] = {1, 2, 3, 4, 5, 7, 8, 13, 97};

template <class T>
void check(la::InstructionSet set, std::size_t inputs, std::size_t outputs) {
  const la::Kernels* kernels = la::kernels_of(set);
  if (!kernels) return;
  const T tolerance = sizeof(T) == 8 ? T(1e-13) : T(2e-5);
  std::mt19937 random(static_cast<unsigned>(inputs * 1000 + outputs));
  std::normal_distribution<double> normal;
  std::vector<T> w(inputs * outputs + 1), bias(outputs);
  for (T& e : w) e = T(normal(random));
  for (T& e : bias) e = T(normal(random));
  const la::Weights<T> by_input(w.data(), inputs, outputs, std::ptrdiff_t(outputs), 1, *kernels);
  const la::Weights<T> by_output(w.data(), inputs, outputs, 1, std::ptrdiff_t(inputs), *kernels);
  for (std::size_t rows : row_counts) {
    const std::size_t x_stride = inputs + 3, y_stride = outputs + 2;
    std::vector<T> x(rows * x_stride);
    for (T& e : x) e = T(normal(random));
    for (int variant = 0; variant < 4; ++variant) {
      const bool transposed = variant & 1, with_bias = variant & 2;
      std::vector<T> y(rows * y_stride, T(77));
      (transposed ? by_output : by_input)
          .multiply(x.data(), rows, x_stride, with_bias ? bias.data() : nullptr, y.data(),
                    y_stride);
      double worst = 0;
      bool outside = false;
      for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t o = 0; o < outputs; ++o) {
          long double sum = 0, size = 1;
          for (std::size_t i = 0; i < inputs; ++i) {
            long double term =
                (long double)x[r * x_stride + i] * w[transposed ? o * inputs + i : i * outputs + o];
            sum += term;
            size += std::fabs(term);
          }
          if (with_bias) sum += bias[o];
          worst = std::fmax(worst, double(std::fabs(y[r * y_stride + o] - sum) / size));
        }
        outside |= y[r * y_stride + outputs] != T(77) || y[r * y_stride + outputs + 1] != T(77);
      }
      BOOST_TEST(worst <= tolerance);
      BOOST_TEST(!outside);
    }
  }
}

template <class T, class Index>
void check_sparse(la::InstructionSet set, std::size_t inputs, std::size_t outputs) {
  const la::Kernels* kernels = la::kernels_of(set);
  if (!kernels || inputs == 0) return;
  std::mt19937 random(static_cast<unsigned>(inputs * 1000 + outputs));
  std::normal_distribution<double> normal;
  std::vector<T> w(inputs * outputs), bias(outputs, T(0.25));
  for (T& e : w) e = T(normal(random));
  const la::Weights<T> weights(w.data(), inputs, outputs, std::ptrdiff_t(outputs), 1, *kernels);
  const std::size_t rows = 9;
  std::vector<Index> indptr{0}, indices;
  std::vector<T> data, dense(rows * inputs);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t i = r % 3; i < inputs; i += 1 + r) {
      indices.push_back(Index(i));
      data.push_back(T(normal(random)));
      dense[r * inputs + i] = data.back();
    }
    indptr.push_back(Index(indices.size()));
  }
  std::vector<T> y(rows * outputs), expected(rows * outputs);
  weights.multiply_csr(indptr.data(), indices.data(), data.data(), rows, bias.data(), y.data(),
                       outputs);
  weights.multiply(dense.data(), rows, inputs, bias.data(), expected.data(), outputs);
  double worst = 0;
  for (std::size_t i = 0; i < y.size(); ++i)
    worst = std::fmax(worst, std::fabs(double(y[i]) - double(expected[i])));
  BOOST_TEST(worst <= (sizeof(T) == 8 ? 1e-12 : 1e-3));
}

}  // namespace

BOOST_DATA_TEST_CASE(products, bdata::make(input_counts) * bdata::make(output_counts), inputs,
                     outputs) {
  for (la::InstructionSet set : sets) {
    check<double>(set, inputs, outputs);
    check<float>(set, inputs, outputs);
    check_sparse<double, std::int32_t>(set, inputs, outputs);
    check_sparse<double, std::int64_t>(set, inputs, outputs);
    check_sparse<float, std::int32_t>(set, inputs, outputs);
    check_sparse<float, std::int64_t>(set, inputs, outputs);
  }
}

BOOST_AUTO_TEST_CASE(no_outputs_write_nothing) {
  la::Weights<double> weights = la::Weights<double>::by_output(nullptr, 5, 0);
  double x[5] = {}, y = 3;
  weights.multiply(x, 1, 5, nullptr, &y, 0);
  BOOST_TEST(y == 3);
}

BOOST_AUTO_TEST_CASE(an_impossible_size_is_refused) {
  const std::size_t huge = std::size_t(1) << 40;
  BOOST_CHECK_THROW(la::Weights<double>(nullptr, huge, huge, 1, 1), std::length_error);
}
