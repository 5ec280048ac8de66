// The element-wise functions of every instruction set against the C library's long double ones.
#include "linalg/elementwise.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "linalg/kernels.hpp"

namespace la = skops_sklearn::linalg;

namespace {

// Distance in units of the last place of the exact value.
template <class T>
double ulps(T value, long double exact) {
  if (std::isnan(exact)) return std::isnan(value) ? 0 : 1e9;
  const T nearest = static_cast<T>(exact);
  if (std::isinf(nearest) || std::isinf(value)) return nearest == value ? 0 : 1e9;
  const T above = std::nextafter(std::fabs(nearest), std::numeric_limits<T>::infinity());
  const long double unit = (long double)above - std::fabs(nearest);
  return double(std::fabs((long double)value - exact) / unit);
}

template <class T>
std::vector<T> samples() {
  std::vector<T> x;
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> wide(-760, 720), middle(-40, 40), narrow(-1, 1);
  for (int i = 0; i < 20000; ++i) {
    x.push_back(T(wide(random)));
    x.push_back(T(middle(random)));
    x.push_back(T(narrow(random)));
    x.push_back(T(std::pow(10.0, middle(random) * (sizeof(T) == 8 ? 7.6 : 0.9))));
  }
  using Limits = std::numeric_limits<T>;
  for (T special : {T(0),
                    T(-0.0),
                    Limits::infinity(),
                    -Limits::infinity(),
                    Limits::quiet_NaN(),
                    Limits::max(),
                    Limits::lowest(),
                    Limits::min(),
                    Limits::denorm_min(),
                    T(1),
                    T(-1),
                    T(709.78),
                    T(709.79),
                    T(-745.13),
                    T(-745.14),
                    T(-708.5),
                    T(88.7),
                    T(-103.9),
                    T(1e-20),
                    T(-1e-20),
                    T(20),
                    T(-20)})
    x.push_back(special);
  return x;
}

template <class T, class Function, class Exact>
void compare(const char* name, Function function, Exact exact, double most) {
  const std::vector<T> x = samples<T>();
  std::vector<T> y(x.size());
  function(x.data(), x.size(), y.data());
  double worst = 0;
  T at = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double distance = ulps(y[i], exact((long double)x[i]));
    if (!(distance <= worst)) worst = distance, at = x[i];
  }
  BOOST_TEST_CONTEXT(name << " at " << at) BOOST_TEST(worst <= most);
  // Every length takes another path at the end; a result must not depend on it.
  for (std::size_t n = 0; n < 20; ++n) {
    std::vector<T> part(n + 1, T(5));
    function(x.data(), n, part.data());
    BOOST_TEST(std::memcmp(part.data(), y.data(), n * sizeof(T)) == 0);
    BOOST_TEST(part[n] == T(5));
  }
}

template <class T>
void compare_all(const la::MathKernels<T>& math) {
  compare<T>(
      "exp", math.exp, [](long double v) { return std::exp(v); }, 2);
  compare<T>(
      "log", math.log, [](long double v) { return std::log(v); }, 2);
  compare<T>(
      "expm1", math.expm1, [](long double v) { return std::expm1(v); }, 2);
  // As SciPy does, in the element's own type after each step: zero where exp(-x) overflows.
  const auto expit = [](long double v) {
    const T e = static_cast<T>(std::exp(-v));
    return static_cast<long double>(T(1) / (T(1) + e));
  };
  compare<T>("expit", math.expit, expit, 3.5);
  compare<T>(
      "tanh", math.tanh, [](long double v) { return std::tanh(v); }, 2.5);
}

}  // namespace

BOOST_AUTO_TEST_CASE(functions_are_within_their_bounds) {
  for (auto set :
       {la::InstructionSet::baseline, la::InstructionSet::avx2, la::InstructionSet::avx512}) {
    const la::Kernels* kernels = la::kernels_of(set);
    if (!kernels) continue;
    BOOST_TEST_CONTEXT("set " << int(set)) {
      compare_all(kernels->math64);
      compare_all(kernels->math32);
    }
  }
}

BOOST_AUTO_TEST_CASE(one_odd_value_anywhere_is_seen) {
  for (auto set :
       {la::InstructionSet::baseline, la::InstructionSet::avx2, la::InstructionSet::avx512}) {
    const la::Kernels* kernels = la::kernels_of(set);
    if (!kernels) continue;
    for (std::size_t n : {1u, 7u, 16u, 63u, 64u, 65u, 200u}) {
      std::vector<double> x(n, 1.7e308);
      std::vector<float> f(n, -3e38f);
      BOOST_TEST(kernels->math64.all_finite(x.data(), n));
      BOOST_TEST(kernels->math32.all_finite(f.data(), n));
      for (std::size_t i = 0; i < n; ++i) {
        x[i] = i % 2 ? std::numeric_limits<double>::infinity() : std::nan("");
        f[i] = i % 2 ? -std::numeric_limits<float>::infinity() : std::nanf("");
        BOOST_TEST(!kernels->math64.all_finite(x.data(), n));
        BOOST_TEST(!kernels->math32.all_finite(f.data(), n));
        x[i] = 0, f[i] = 0;
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(rows) {
  const double inf = std::numeric_limits<double>::infinity();
  double x[] = {1000, 1001, 999, 0, 0, 0};
  la::softmax_rows(x, 2, 3);
  BOOST_TEST(x[0] == 0.24472847105479764, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(x[5] == 1.0 / 3, boost::test_tools::tolerance(1e-15));

  const double z[] = {1000, 1001, -inf, -inf, inf, 0};
  double sums[3];
  la::log_sum_exp_rows(z, 3, 2, sums);
  BOOST_TEST(sums[0] == 1001.3132616875183, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(sums[1] == -inf);
  BOOST_TEST(sums[2] == inf);

  const double a[] = {1, 3, 3, 2, std::nan(""), 9};
  std::size_t best[2];
  la::argmax_rows(a, 2, 3, best);
  BOOST_TEST(best[0] == 1u);
  BOOST_TEST(best[1] == 1u);

  float r[] = {-1.5f, 0, 2, std::nanf("")};
  la::relu(r, 4, r);
  BOOST_TEST(r[0] == 0);
  BOOST_TEST(r[2] == 2);
  BOOST_TEST(std::isnan(r[3]));
}
