// Every instruction set against plain loops, with sizes that leave tails everywhere.
#include "kernels/vector_ops.hpp"

#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "kernels/packed_points.hpp"

using namespace skops_sklearn::kernels;
namespace data = boost::unit_test::data;

namespace {

const auto kIsas = data::make({0, 1, 2});

std::vector<double> normal_values(std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> v(n);
  for (double& x : v) x = normal(random);
  return v;
}

struct Sizes {
  std::size_t points, dim, rows;
};
const Sizes kSizes[] = {{1, 1, 1}, {17, 3, 2}, {64, 20, 7}, {131, 21, 13}, {40, 1, 3}, {97, 64, 1}};

}  // namespace

BOOST_DATA_TEST_CASE(pair_kernels_agree_with_plain_loops, kIsas, isa) {
  const VectorOps& ops = vector_ops(static_cast<Isa>(isa));
  for (const auto& [n, dim, rows] : kSizes) {
    const auto points = normal_values(n * dim, 1), x = normal_values(rows * dim, 2);
    const PackedPoints<double> packed(points.data(), n, dim);
    const std::size_t ldo = packed.n_slots();
    std::vector<double> dots(rows * ldo), squares(dots), sums(dots), largest(dots);
    ops.dots_f64(packed.block(0), packed.n_blocks(), dim, x.data(), dim, rows, dots.data(), ldo);
    ops.sq_distances(packed.block(0), packed.n_blocks(), dim, x.data(), dim, rows, squares.data(),
                     ldo);
    ops.abs_distances(packed.block(0), packed.n_blocks(), dim, x.data(), dim, rows, sums.data(),
                      ldo);
    ops.max_distances(packed.block(0), packed.n_blocks(), dim, x.data(), dim, rows, largest.data(),
                      ldo);
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t p = 0; p < n; ++p) {
        double dot = 0, square = 0, sum = 0, most = 0;
        for (std::size_t f = 0; f < dim; ++f) {
          const double a = x[r * dim + f], b = points[p * dim + f];
          dot = ops.isa == Isa::kPortable ? dot + a * b : std::fma(a, b, dot);
          square += (a - b) * (a - b);
          sum += std::fabs(a - b);
          most = std::max(most, std::fabs(a - b));
        }
        // The order of summation is part of the promise, so bits are compared.
        BOOST_REQUIRE_EQUAL(dots[r * ldo + p], dot);
        BOOST_REQUIRE_EQUAL(squares[r * ldo + p], square);
        BOOST_REQUIRE_EQUAL(sums[r * ldo + p], sum);
        BOOST_REQUIRE_EQUAL(largest[r * ldo + p], most);
      }
    }
  }
}

BOOST_DATA_TEST_CASE(exp_is_right_to_two_ulp, kIsas, isa) {
  const VectorOps& ops = vector_ops(static_cast<Isa>(isa));
  std::vector<double> x = {0.0, -0.0, -1e-300, -1.0, -0.5, -708.0, -707.99, -0.34657359};
  std::mt19937_64 random(3);
  for (int i = 0; i < 200000; ++i) {
    const double u = std::generate_canonical<double, 53>(random);
    x.push_back(i % 2 ? -708.0 * u : -std::exp(-30 * u));
  }
  auto v = x;
  ops.exp_nonpositive(v.data(), v.size());
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const long double right = std::exp(static_cast<long double>(x[i]));
    const double ulp = std::nextafter(static_cast<double>(right), 2.0) - static_cast<double>(right);
    worst = std::max(worst, static_cast<double>(std::fabs(right - v[i])) / ulp);
  }
  BOOST_TEST(worst < 2.0);
  BOOST_TEST_MESSAGE("exp: " << worst << " ulp");
  std::vector<double> edge = {-709.0, -1e308, -INFINITY, NAN};
  ops.exp_nonpositive(edge.data(), edge.size());
  BOOST_TEST(edge[0] == 0.0);
  BOOST_TEST(edge[1] == 0.0);
  BOOST_TEST(edge[2] == 0.0);
  BOOST_TEST(std::isnan(edge[3]));
}

BOOST_DATA_TEST_CASE(kernels_from_dots_agree_with_the_standard_library, kIsas, isa) {
  const VectorOps& ops = vector_ops(static_cast<Isa>(isa));
  const auto dots = normal_values(1003, 4);
  auto v = dots;
  ops.tanh_from_dots(v.data(), v.size(), 0.7, -0.1);
  for (std::size_t i = 0; i < v.size(); ++i) {
    BOOST_REQUIRE_SMALL(v[i] - std::tanh(0.7 * dots[i] - 0.1), 4e-16);
  }
  for (const int degree : {0, 1, 2, 3, 7}) {
    v = dots;
    ops.poly_from_dots(v.data(), v.size(), 0.3, 1.5, degree);
    for (std::size_t i = 0; i < v.size(); ++i) {
      const double right = std::pow(0.3 * dots[i] + 1.5, degree);
      BOOST_REQUIRE_SMALL(v[i] - right, 1e-14 * (1 + std::fabs(right)));
    }
  }
  const std::vector<double> norms(1008, 5.0);
  v = dots;
  ops.rbf_from_dots(v.data(), norms.data(), v.size(), 3.0, 0.25);
  for (std::size_t i = 0; i < v.size(); ++i) {
    const double right = std::exp(-0.25 * std::max(0.0, 8.0 - 2 * dots[i]));
    BOOST_REQUIRE_SMALL(v[i] - right, 1e-15);
  }
}

BOOST_DATA_TEST_CASE(a_scan_finds_exactly_the_points_within_the_threshold, kIsas, isa) {
  const VectorOps& ops = vector_ops(static_cast<Isa>(isa));
  constexpr std::size_t n = 1000, dim = 7, rows = 4;
  std::vector<float> points(n * dim), x(rows * dim), offsets(pad_to_block<float>(n), INFINITY);
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  for (float& p : points) p = normal(random);
  for (float& p : x) p = normal(random);
  for (std::size_t i = 0; i < n; ++i) offsets[i] = normal(random);
  const PackedPoints<float> packed(points.data(), n, dim);
  std::vector<std::uint32_t> index(rows * (n + 64));
  std::vector<float> score(rows * (n + 64));
  ScanRow row[rows];
  for (std::size_t r = 0; r < rows; ++r) {
    row[r] = {&x[r * dim], -1.0f, n + 64, 0, &index[r * (n + 64)], &score[r * (n + 64)]};
  }
  BOOST_TEST(ops.scan_f32(packed.block(0), offsets.data(), packed.n_blocks(), dim, row, rows, 0) ==
             packed.n_blocks());
  for (std::size_t r = 0; r < rows; ++r) {
    std::vector<std::uint32_t> right;
    for (std::uint32_t p = 0; p < n; ++p) {
      float s = offsets[p];
      for (std::size_t f = 0; f < dim; ++f) {
        const float a = x[r * dim + f], b = points[p * dim + f];
        s = ops.isa == Isa::kPortable ? s + a * b : std::fma(a, b, s);
      }
      if (s <= -1.0f) right.push_back(p);
    }
    BOOST_TEST(!right.empty());
    BOOST_TEST(std::vector<std::uint32_t>(row[r].index, row[r].index + row[r].count) == right,
               boost::test_tools::per_element());
  }
  // A row without room stops the scan before the block that could overflow it.
  row[0].count = 0;
  row[0].threshold = INFINITY;
  row[0].capacity = 100;
  BOOST_TEST(ops.scan_f32(packed.block(0), offsets.data(), packed.n_blocks(), dim, row, 1, 0) <=
             3u);
  BOOST_TEST(row[0].count <= 100u);
  BOOST_TEST(row[0].count > 36u);
}

BOOST_DATA_TEST_CASE(argmin_gives_the_first_of_equals, kIsas, isa) {
  const VectorOps& ops = vector_ops(static_cast<Isa>(isa));
  for (std::size_t n : {1, 3, 8, 16, 17, 31, 100}) {
    for (std::size_t at = 0; at < n; ++at) {
      std::vector<double> offsets(n, 5.0), dots(n, 1.0);
      offsets[at] = 4.0;
      if (at + 2 < n) offsets[at + 2] = 4.0;
      const std::vector<float> offsets32(offsets.begin(), offsets.end()), dots32(n, 1.0f);
      BOOST_REQUIRE_EQUAL(ops.argmin_f64(dots.data(), offsets.data(), n), at);
      BOOST_REQUIRE_EQUAL(ops.argmin_f32(dots32.data(), offsets32.data(), n), at);
    }
  }
}

BOOST_DATA_TEST_CASE(sums_and_scattered_dots, kIsas, isa) {
  const VectorOps& ops = vector_ops(static_cast<Isa>(isa));
  const auto a = normal_values(200, 6), b = normal_values(200, 7);
  double right = 0;
  for (std::size_t i = 0; i < 200; ++i) right += a[i] * b[i];
  BOOST_TEST(ops.weighted_sum(a.data(), b.data(), 200) == right,
             boost::test_tools::tolerance(1e-13));
  const std::vector<std::uint32_t> ids = {3, 0, 9, 9, 5, 1, 2};
  std::vector<double> out(ids.size());
  ops.dots_of_rows(a.data(), b.data(), 20, 19, ids.data(), ids.size(), out.data());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    double dot = 0;
    for (std::size_t f = 0; f < 19; ++f) {
      const double c = b[ids[i] * 20 + f];
      dot = ops.isa == Isa::kPortable ? dot + a[f] * c : std::fma(a[f], c, dot);
    }
    BOOST_TEST(out[i] == dot);
  }
}
