// Searches against a full sort, with and without equal distances, and the metrics' formulas.
#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>
#include <random>

#include "neighbors/binary_tree.hpp"
#include "neighbors/brute_force.hpp"
#include "neighbors/neighbor_heap.hpp"

using namespace skops_sklearn::neighbors;
using skops_sklearn::kernels::Isa;
using skops_sklearn::kernels::vector_ops;
namespace data = boost::unit_test::data;

namespace {

std::vector<double> values(std::size_t n, unsigned seed, double mean, bool grid) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(mean, 1.0);
  std::vector<double> v(n);
  for (double& x : v) x = grid ? std::round(2 * normal(random)) : normal(random);
  return v;
}

using Pairs = std::vector<std::pair<double, std::int64_t>>;
Pairs sorted(const Metric& metric, const std::vector<double>& rows, std::size_t dim,
             const double* x) {
  Pairs all;
  for (std::size_t i = 0; i * dim < rows.size(); ++i) {
    all.emplace_back(reduced_distance(metric, x, &rows[i * dim], dim), i);
  }
  std::sort(all.begin(), all.end());
  return all;
}

Metric metric_of(MetricKind kind, std::size_t dim) {
  Metric m;
  m.kind = kind;
  m.p = 3;
  if (kind == MetricKind::kStandardizedEuclidean) m.scale.assign(dim, 2.0);
  return m;
}

}  // namespace

BOOST_DATA_TEST_CASE(brute_force_finds_the_nearest, data::make({0, 1, 2}), isa) {
  for (const MetricKind kind :
       {MetricKind::kEuclidean, MetricKind::kManhattan, MetricKind::kChebyshev,
        MetricKind::kMinkowski, MetricKind::kCosine, MetricKind::kStandardizedEuclidean}) {
    for (const std::size_t n : {1, 7, 300, 2000}) {
      for (const double mean : {0.0, 1e5}) {
        constexpr std::size_t dim = 20, queries = 9;
        const Metric metric = metric_of(kind, dim);
        const auto rows = values(n * dim, 1, mean, false),
                   x = values(queries * dim, 2, mean, false);
        const BruteForce search(metric, rows, dim, false, vector_ops(static_cast<Isa>(isa)));
        for (const std::size_t k : {std::size_t{1}, std::size_t{5}, n / 2, n}) {
          if (k == 0 || k > n) continue;
          std::vector<double> distances(queries * k);
          std::vector<std::int64_t> indices(queries * k);
          search.query(x.data(), dim, queries, k, Ties::kHeap, {}, distances.data(),
                       indices.data());
          for (std::size_t q = 0; q < queries; ++q) {
            const auto right = sorted(metric, rows, dim, &x[q * dim]);
            for (std::size_t i = 0; i < k; ++i) {
              // Rounding at a mean of 1e5 leaves about 5 digits of the squared distances.
              const double loss = mean == 0 ? 1e-12 : 1e-4;
              BOOST_TEST_REQUIRE(std::fabs(distances[q * k + i] - right[i].first) <=
                                 loss * (1 + right[i].first));
              if (mean == 0) BOOST_TEST_REQUIRE(indices[q * k + i] == right[i].second);
            }
          }
        }
      }
    }
  }
}

// Whole numbers: every distance is exact and many are equal, so the plain heap shows the order.
BOOST_DATA_TEST_CASE(equal_distances_come_in_the_order_of_the_heap, data::make({0, 1, 2}), isa) {
  constexpr std::size_t dim = 3, queries = 20, n = 700;
  const auto rows = values(n * dim, 1, 0, true), x = values(queries * dim, 2, 0, true);
  Metric metric;
  const BruteForce search(metric, rows, dim, false, vector_ops(static_cast<Isa>(isa)));
  for (const std::size_t k : {1, 4, 15, 16, 40}) {
    std::vector<double> distances(queries * k), heap(k);
    std::vector<std::int64_t> indices(queries * k), heap_indices(k), merged_indices(k);
    search.query(x.data(), dim, queries, k, Ties::kHeap, {}, distances.data(), indices.data());
    for (std::size_t q = 0; q < queries; ++q) {
      clear_heap(heap.data(), heap_indices.data(), k);
      for (std::size_t i = 0; i < n; ++i) {
        push_heap(heap.data(), heap_indices.data(), k,
                  reduced_distance(metric, &x[q * dim], &rows[i * dim], dim),
                  static_cast<std::int64_t>(i));
      }
      sort_heap(heap.data(), heap_indices.data(), k, HeapSort::kIntrosort);
      for (std::size_t i = 0; i < k; ++i) {
        BOOST_TEST_REQUIRE(distances[q * k + i] == heap[i]);
        BOOST_TEST_REQUIRE(indices[q * k + i] == heap_indices[i]);
      }
    }
    search.query(x.data(), dim, queries, k, Ties::kIndex, {}, distances.data(), indices.data());
    for (std::size_t q = 0; q < queries; ++q) {
      const auto right = sorted(metric, rows, dim, &x[q * dim]);
      for (std::size_t i = 0; i < k; ++i) {
        BOOST_TEST_REQUIRE(indices[q * k + i] == right[i].second);
      }
    }
  }
}

// Identical rows overflow the filter's places; the search must still end with the right answer.
BOOST_AUTO_TEST_CASE(identical_rows_are_found_without_the_filter) {
  const std::vector<double> rows(1000 * 4, 1.5), x(4, 1.0);
  const BruteForce search(Metric{}, rows, 4);
  double distances[3];
  std::int64_t indices[3];
  search.query(x.data(), 4, 1, 3, Ties::kIndex, {}, distances, indices);
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(indices[i] == i);
    BOOST_TEST(distances[i] == 1.0);
  }
  const double huge[] = {1e200, 0, 0, 0};
  search.query(huge, 4, 1, 3, Ties::kIndex, {}, distances, indices);
  BOOST_TEST(std::isinf(distances[0]));
}

BOOST_AUTO_TEST_CASE(trees_find_the_nearest) {
  for (const TreeKind tree : {TreeKind::kKd, TreeKind::kBall}) {
    for (const MetricKind kind : {MetricKind::kEuclidean, MetricKind::kManhattan,
                                  MetricKind::kChebyshev, MetricKind::kMinkowski}) {
      for (const std::size_t n : {1, 2, 31, 1000}) {
        for (const std::size_t leaf : {1, 30}) {
          constexpr std::size_t dim = 4;
          const Metric metric = metric_of(kind, dim);
          const auto rows = values(n * dim, 3, 0, false), x = values(10 * dim, 4, 0, false);
          const BinaryTree search(tree, metric, rows, dim, leaf, {});
          for (const std::size_t k : {std::size_t{1}, std::size_t{6}, n}) {
            if (k > n) continue;
            std::vector<double> distances(k);
            std::vector<std::int64_t> indices(k);
            for (std::size_t q = 0; q < 10; ++q) {
              search.query(&x[q * dim], k, HeapSort::kIntrosort, distances.data(), indices.data());
              const auto right = sorted(metric, rows, dim, &x[q * dim]);
              for (std::size_t i = 0; i < k; ++i) {
                BOOST_TEST_REQUIRE(indices[i] == right[i].second);
                BOOST_TEST_REQUIRE(distances[i] == right[i].first);
              }
            }
          }
        }
      }
    }
  }
}

// Both sorts, also where the quicksort gives up counting its quadratic steps.
BOOST_DATA_TEST_CASE(heaps_are_sorted, data::make({0, 1}), introsort) {
  for (const std::size_t n : {1, 2, 3, 4, 15, 16, 1000, 300000}) {
    for (const int distinct : {1, 2, 1000000}) {
      std::mt19937_64 random(n);
      std::vector<double> distances(n);
      for (double& d : distances) d = static_cast<double>(random() % distinct);
      std::vector<double> right = distances, before = distances;
      std::sort(right.begin(), right.end());
      std::vector<std::int64_t> indices(n);
      std::iota(indices.begin(), indices.end(), std::int64_t{0});
      sort_heap(distances.data(), indices.data(), n,
                introsort ? HeapSort::kIntrosort : HeapSort::kQuicksort);
      BOOST_TEST_REQUIRE(distances == right);
      std::vector<bool> seen(n, false);
      for (std::size_t i = 0; i < n; ++i) {
        const auto at = static_cast<std::size_t>(indices[i]);
        BOOST_TEST_REQUIRE((!seen[at] && before[at] == distances[i]));
        seen[at] = true;
      }
    }
  }
}

// What NeighborsHeap of scikit-learn 1.5 and of 1.9 make of the same values.
BOOST_AUTO_TEST_CASE(equal_values_are_sorted_as_each_release_does) {
  const std::vector<std::int64_t> quick = {52, 41, 39, 26, 28, 13, 15, 0,  2, 54,
                                           58, 19, 30, 45, 32, 17, 56, 43, 4, 6};
  const std::vector<std::int64_t> intro = {41, 52, 2,  0, 39, 54, 26, 15, 13, 28,
                                           4,  58, 43, 6, 17, 45, 30, 56, 32, 19};
  for (const HeapSort sort : {HeapSort::kQuicksort, HeapSort::kIntrosort}) {
    std::vector<double> distances(20);
    std::vector<std::int64_t> indices(20);
    clear_heap(distances.data(), indices.data(), 20);
    for (int i = 0; i < 60; ++i) {
      push_heap(distances.data(), indices.data(), 20, i * 7 % 13 / 2, i);
    }
    sort_heap(distances.data(), indices.data(), 20, sort);
    BOOST_TEST(indices == (sort == HeapSort::kIntrosort ? intro : quick),
               boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_stored_order_must_be_a_permutation) {
  const std::vector<double> rows = {0, 1, 2, 3};
  const std::vector<std::int64_t> good = {3, 1, 0, 2}, twice = {3, 1, 1, 2}, outside = {3, 1, 0, 4},
                                  negative = {3, 1, 0, -1}, few = {0, 1, 2};
  std::int64_t index;
  double distance;
  const double x = 2.1;
  BinaryTree(TreeKind::kKd, Metric{}, rows, 1, 1, good)
      .query(&x, 1, HeapSort::kIntrosort, &distance, &index);
  BOOST_TEST(index == 2);
  for (const auto& bad : {twice, outside, negative, few}) {
    BOOST_CHECK_THROW(BinaryTree(TreeKind::kKd, Metric{}, rows, 1, 1, bad), std::invalid_argument);
  }
  BOOST_CHECK_THROW(BinaryTree(TreeKind::kKd, metric_of(MetricKind::kCanberra, 1), rows, 1, 1, {}),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(metrics_follow_their_formulas) {
  const double a[] = {1, 0, 2, 0}, b[] = {0, 0, 4, 1};
  const auto value = [&](const char* name) {
    Metric m = metric_of(*metric_kind(name), 4);
    return distance_of_reduced(m, reduced_distance(m, a, b, 4));
  };
  const auto near = boost::test_tools::tolerance(1e-14);
  BOOST_TEST(value("l2") == std::sqrt(6.0), near);
  BOOST_TEST(value("l1") == 4.0, near);
  BOOST_TEST(value("infinity") == 2.0, near);
  BOOST_TEST(value("minkowski") == std::cbrt(10.0), near);
  BOOST_TEST(value("seuclidean") == std::sqrt(3.0), near);
  BOOST_TEST(value("canberra") == 1 + 2.0 / 6 + 1, near);
  BOOST_TEST(value("braycurtis") == 4.0 / 8, near);
  BOOST_TEST(value("cosine") == 1 - 8 / std::sqrt(5.0 * 17), near);
  BOOST_TEST(value("hamming") == 0.75, near);
  BOOST_TEST(value("jaccard") == 2.0 / 3, near);
  BOOST_TEST(value("dice") == 0.5, near);
  BOOST_TEST(value("rogerstanimoto") == 4.0 / 6, near);
  BOOST_TEST(value("russellrao") == 0.75, near);
  BOOST_TEST(value("sokalsneath") == 2 / 2.5, near);
  BOOST_TEST(value("yule") == 2.0 / 2, near);
  BOOST_TEST(!metric_kind("precomputed"));
}
