// Decision values against libsvm's plain loops; votes and probabilities against small examples.
#include "kernels/svm_machine.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "kernels/svm_votes.hpp"

using namespace skops_sklearn::kernels;
namespace data = boost::unit_test::data;

namespace {

struct Model {
  std::vector<double> vectors, coef, intercept, csr_values;
  std::vector<std::int32_t> csr_columns;
  std::vector<std::int64_t> csr_indptr;
  CsrView csr;
  SvmSource source;
};

void fill(std::vector<double>& v, std::mt19937_64& random, double scale, double mean,
          double density) {
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  for (double& x : v) x = uniform(random) < density ? mean + scale * normal(random) : 0.0;
}

void make(Model& m, SvmKernel kernel, std::vector<std::size_t> sizes, bool classifier,
          std::size_t dim, double mean, double density, bool sparse) {
  std::mt19937_64 random(11);
  std::size_t n = 0;
  for (auto s : sizes) n += s;
  const std::size_t rows = classifier ? sizes.size() - 1 : 1;
  m.vectors.resize(n * dim);
  m.coef.resize(rows * n);
  m.intercept.resize(classifier ? sizes.size() * (sizes.size() - 1) / 2 : 1);
  fill(m.vectors, random, 1, mean, density);
  fill(m.coef, random, 1, 0, 1);
  fill(m.intercept, random, 1, 0, 1);
  m.csr_indptr = {0};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t f = 0; f < dim; ++f) {
      if (m.vectors[i * dim + f] == 0) continue;
      m.csr_values.push_back(m.vectors[i * dim + f]);
      m.csr_columns.push_back(static_cast<std::int32_t>(f));
    }
    m.csr_indptr.push_back(static_cast<std::int64_t>(m.csr_values.size()));
  }
  m.csr = {n, dim, m.csr_values, m.csr_columns, m.csr_indptr};
  m.source.kernel = kernel;
  m.source.gamma = 0.3 / static_cast<double>(dim);
  m.source.coef0 = 0.2;
  m.source.degree = 3;
  m.source.classifier = classifier;
  m.source.dim = dim;
  if (sparse) {
    m.source.sparse = &m.csr;
  } else {
    m.source.dense = m.vectors;
  }
  m.source.class_sizes = sizes;
  m.source.dual_coef = m.coef;
  m.source.intercept = m.intercept;
}

double kernel_value(const Model& m, const double* x, const double* sv) {
  const SvmSource& s = m.source;
  double dot = 0, square = 0;
  for (std::size_t f = 0; f < s.dim; ++f) {
    dot += x[f] * sv[f];
    square += (x[f] - sv[f]) * (x[f] - sv[f]);
  }
  switch (s.kernel) {
    case SvmKernel::kLinear: return dot;
    case SvmKernel::kPoly: return std::pow(s.gamma * dot + s.coef0, s.degree);
    case SvmKernel::kSigmoid: return std::tanh(s.gamma * dot + s.coef0);
    default: return std::exp(-s.gamma * square);
  }
}

// libsvm's svm_predict_values, literally.
std::vector<double> plain(const Model& m, const double* x) {
  const SvmSource& s = m.source;
  std::vector<double> k;
  for (std::size_t i = 0; i * s.dim < m.vectors.size(); ++i) {
    k.push_back(kernel_value(m, x, &m.vectors[i * s.dim]));
  }
  const std::size_t n = k.size();
  std::vector<double> out;
  if (!s.classifier) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += m.coef[i] * k[i];
    return {sum + m.intercept[0]};
  }
  std::vector<std::size_t> start = {0};
  for (auto size : s.class_sizes) start.push_back(start.back() + size);
  for (std::size_t i = 0; i < s.class_sizes.size(); ++i) {
    for (std::size_t j = i + 1; j < s.class_sizes.size(); ++j) {
      double sum = 0;
      for (std::size_t v = start[i]; v < start[i + 1]; ++v) sum += m.coef[(j - 1) * n + v] * k[v];
      for (std::size_t v = start[j]; v < start[j + 1]; ++v) sum += m.coef[i * n + v] * k[v];
      out.push_back(sum + m.intercept[out.size()]);
    }
  }
  return out;
}

void compare(const Model& m, double mean, double density, std::size_t rows) {
  const SvmMachine machine(m.source);
  std::mt19937_64 random(12);
  std::vector<double> x(rows * m.source.dim);
  fill(x, random, 1, mean, density);
  // One query sits on a support vector.
  std::copy_n(m.vectors.begin(), m.source.dim, x.begin());
  std::vector<double> out(rows * machine.n_decisions()), one(machine.n_decisions());
  machine.decisions(x.data(), m.source.dim, rows, out.data());
  for (std::size_t r = 0; r < rows; ++r) {
    const auto right = plain(m, &x[r * m.source.dim]);
    machine.decisions(&x[r * m.source.dim], m.source.dim, 1, one.data());
    for (std::size_t p = 0; p < right.size(); ++p) {
      BOOST_TEST_REQUIRE(std::fabs(out[r * right.size() + p] - right[p]) <
                         1e-10 * (1 + std::fabs(right[p])));
      BOOST_TEST_REQUIRE(std::fabs(one[p] - right[p]) < 1e-10 * (1 + std::fabs(right[p])));
    }
  }
}

const std::vector<std::vector<std::size_t>> kClasses = {
    {5, 9}, {100, 300}, {1, 40, 16}, {20, 0, 33, 7}, {130, 129, 128, 1, 2}};
const auto kKernels = data::make({0, 1, 2, 3});

}  // namespace

BOOST_DATA_TEST_CASE(classifiers_agree_with_libsvms_loops, kKernels, kernel) {
  for (const auto& classes : kClasses) {
    for (const std::size_t dim : {1, 20, 33}) {
      Model m;
      make(m, static_cast<SvmKernel>(kernel), classes, true, dim, 0.5, 1, false);
      compare(m, 0.5, 1, 29);
    }
  }
}

BOOST_DATA_TEST_CASE(sparse_machines_agree, kKernels, kernel) {
  for (const double density : {0.02, 0.5}) {
    for (const bool classifier : {true, false}) {
      Model m;
      make(m, static_cast<SvmKernel>(kernel),
           classifier ? std::vector<std::size_t>{40, 50, 7} : std::vector<std::size_t>{150},
           classifier, 200, 1, density, true);
      compare(m, 1, density, 14);
    }
  }
}

// Far from the origin or with a large gamma the dot form would lose digits.
BOOST_AUTO_TEST_CASE(large_offsets_and_gammas_keep_their_digits) {
  for (const double gamma : {0.01, 1e6}) {
    for (const bool sparse : {false, true}) {
      Model m;
      make(m, SvmKernel::kRbf, {60, 70}, true, 100, 1e4, sparse ? 0.05 : 1, sparse);
      m.source.gamma = gamma;
      compare(m, 1e4, sparse ? 0.05 : 1, 5);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_precomputed_kernel_reads_the_support_columns) {
  const std::vector<std::int64_t> support = {4, 1, 2};
  const std::vector<double> coef = {1, 10, 100}, intercept = {0.5};
  SvmSource s;
  s.kernel = SvmKernel::kPrecomputed;
  s.classifier = false;
  s.dim = 5;
  s.support = support;
  s.class_sizes = {3};
  s.dual_coef = coef;
  s.intercept = intercept;
  const double x[] = {9, 2, 3, 9, 1};
  double out = 0;
  SvmMachine(s).decisions(x, 5, 1, &out);
  BOOST_TEST(out == 321.5);
  const std::vector<std::int64_t> outside = {4, 1, 5};
  s.support = outside;
  BOOST_CHECK_THROW(SvmMachine{s}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_fit_are_refused) {
  Model m;
  make(m, SvmKernel::kRbf, {5, 9}, true, 3, 0, 1, false);
  auto s = m.source;
  s.class_sizes = {5, 8};
  BOOST_CHECK_THROW(SvmMachine{s}, std::invalid_argument);
  s = m.source;
  s.intercept = {};
  BOOST_CHECK_THROW(SvmMachine{s}, std::invalid_argument);
  s = m.source;
  s.dim = 4;
  BOOST_CHECK_THROW(SvmMachine{s}, std::invalid_argument);
  s = m.source;
  s.class_sizes = {14};
  BOOST_CHECK_THROW(SvmMachine{s}, std::invalid_argument);
  s.class_sizes = {};
  BOOST_CHECK_THROW(SvmMachine{s}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(votes_go_to_the_first_of_equals) {
  BOOST_TEST(vote(std::vector<double>{0.1}, 2) == 0u);
  BOOST_TEST(vote(std::vector<double>{0.0}, 2) == 1u);
  // A cycle: every class wins once.
  BOOST_TEST(vote(std::vector<double>{1, -1, 1}, 3) == 0u);
  BOOST_TEST(vote(std::vector<double>{-1, -1, -1}, 3) == 2u);
}

BOOST_AUTO_TEST_CASE(one_vs_rest_adds_squeezed_confidences) {
  double out[3];
  one_vs_rest(std::vector<double>{1, -2, 0.5}, 3, out);
  // Sums of confidences: -1, -0.5, 1.5.
  BOOST_TEST(out[0] == 1 - 1.0 / 6, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(out[1] == 1 - 0.5 / 4.5, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(out[2] == 1 + 1.5 / 7.5, boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(coupling_gives_probabilities_that_follow_the_pairs) {
  const std::vector<double> a = {-1, -1, -1}, b = {0, 0, 0};
  const PairwiseCoupling coupling(a, b, 3);
  PairwiseCoupling::Scratch scratch;
  double p[3];
  coupling.probabilities(std::vector<double>{2, 3, 1}, scratch, p);
  BOOST_TEST(p[0] + p[1] + p[2] == 1.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(p[0] > p[1]);
  BOOST_TEST(p[1] > p[2]);
  // Values that overflow the sigmoid stay within (0, 1) and the iteration ends.
  coupling.probabilities(std::vector<double>{1e308, -1e308, 1e308}, scratch, p);
  for (const double v : p) BOOST_TEST((v > 0 && v < 1));
}
