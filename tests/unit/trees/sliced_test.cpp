// Trees of few leaves, 64 rows at a time, with each instruction set that this processor has; rank
// columns with missing values and categories.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "random_tree.hpp"
#include "trees/check.hpp"
#include "trees/predictor_source.hpp"
#include "trees/sliced_forest.hpp"
#include "trees/tree_source.hpp"

namespace bdata = boost::unit_test::data;
using namespace trees_test;

namespace {

std::vector<const trees::SlicedKernels*> kernels_here() {
  std::vector<const trees::SlicedKernels*> out{&trees::sliced_portable};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) out.push_back(&trees::sliced_avx2);
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    out.push_back(&trees::sliced_avx512);
  }
#endif
  return out;
}

}  // namespace

BOOST_DATA_TEST_CASE(numbers_equal_naive_walk, bdata::make({1, 2, 5, 8, 9, 16, 31, 33, 64})) {
  const auto leaves = static_cast<std::size_t>(sample);
  std::mt19937_64 random(leaves);
  constexpr std::size_t features = 6;
  std::vector<Tree> all;
  trees::SlicedForest forest(trees::SlicedForest::Tiles::numbers, features, 2);
  for (std::size_t t = 0; t < 9; ++t) {
    all.emplace_back(random, leaves, features, 30);
    const auto bytes = all.back().tree_bytes();
    const trees::TreeRecords records(
        {bytes.data(), all.back().nodes.size(), 64, trees::tree_fields});
    const auto value = [&](std::size_t i, double* out) { *out = all.back().nodes[i].value; };
    BOOST_TEST_REQUIRE(forest.add(trees::TreeSource(records, value)));
  }
  std::vector<float> x(64 * features), tile(64 * features);
  for (std::size_t k = 0; k < x.size(); ++k) {
    x[k] = static_cast<float>(static_cast<int>(random() % 41)) / 10 - 2;
    tile[k % features * 64 + k / features] = x[k];
  }
  std::vector<double> expected(128, 0.25);
  for (std::size_t r = 0; r < 64; ++r) {
    for (std::size_t t = 2; t < 9; ++t) {
      const std::size_t leaf = all[t].walk(&x[r * features], [](const Node& node, float v) {
        return static_cast<double>(v) <= node.threshold;
      });
      expected[t % 2 * 64 + r] += all[t].nodes[leaf].value;
    }
  }
  for (const trees::SlicedKernels* kernels : kernels_here()) {
    std::vector<double> acc(128, 0.25);
    forest.add_to(*kernels, tile.data(), 2, 9, acc.data());
    BOOST_TEST(acc == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(trees_with_too_many_leaves_are_left_to_walks) {
  std::mt19937_64 random(5);
  const Tree tree(random, 65, 3, 64);
  const auto bytes = tree.tree_bytes();
  const trees::TreeRecords records({bytes.data(), tree.nodes.size(), 64, trees::tree_fields});
  const auto value = [&](std::size_t, double* out) { *out = 0; };
  trees::SlicedForest forest(trees::SlicedForest::Tiles::numbers, 3, 1);
  BOOST_TEST(!forest.add(trees::TreeSource(records, value)));
}

BOOST_DATA_TEST_CASE(ranks_count_smaller_thresholds, bdata::make({1, 2, 3, 7, 20, 60, 100, 254})) {
  const auto n = static_cast<std::size_t>(sample);
  std::mt19937_64 random(n);
  trees::RankColumns columns(1);
  std::vector<double> thresholds;
  for (std::size_t k = 0; k < n; ++k) {
    thresholds.push_back(static_cast<double>(k) + (k == n - 1 ? 1e300 : 0));
    columns.declare(0, thresholds.back(), true);
  }
  columns.seal();
  BOOST_TEST(columns.byte_ranks());
  std::vector<double> x(64);
  for (double& v : x) v = static_cast<double>(random() % (2 * n + 4)) / 2 - 1;
  x[5] = std::numeric_limits<double>::infinity();
  x[6] = -x[5];
  x[7] = std::nan("");
  std::vector<std::uint8_t> expected;
  for (const double v : x) {
    std::size_t rank = 0;
    for (const double t : thresholds) rank += t < v;
    expected.push_back(static_cast<std::uint8_t>(rank));
  }
  std::vector<std::uint8_t> codes(64 * columns.columns());
  columns.fill(x.data(), 1, 64, codes.data());
  BOOST_TEST(codes == expected, boost::test_tools::per_element());
  for (std::size_t r = 0; r < 64; ++r) {
    std::uint32_t tile[8];
    columns.fill(&x[r], 1, 1, tile);
    BOOST_TEST(tile[0] == expected[r]);
  }
}

BOOST_AUTO_TEST_CASE(the_same_ranks_from_each_instruction_set) {
  std::mt19937_64 random(11);
  for (std::size_t levels = 1; levels <= 8; ++levels) {
    std::vector<double> sorted;
    for (std::size_t k = 0; k + 1 < std::size_t{1} << levels; ++k) sorted.push_back(double(k));
    std::vector<double> table;
    for (std::size_t level = 0; level < levels; ++level) {
      const std::size_t span = std::size_t{1} << (levels - level);
      for (std::size_t k = 0; k < std::size_t{1} << level; ++k) {
        table.push_back(sorted[k * span + span / 2 - 1]);
      }
    }
    table.resize(table.size() + 64);
    double x[64];
    for (double& v : x) v = static_cast<double>(random() % (2 * sorted.size() + 4)) / 2 - 1;
    std::vector<std::uint8_t> first(64);
    trees::sliced_portable.ranks(table.data(), levels, x, first.data());
    for (const trees::SlicedKernels* kernels : kernels_here()) {
      std::vector<std::uint8_t> codes(64);
      kernels->ranks(table.data(), levels, x, codes.data());
      BOOST_TEST(codes == first, boost::test_tools::per_element());
    }
  }
}

BOOST_DATA_TEST_CASE(histogram_trees_with_missing_and_categories, bdata::make({2, 9, 31, 64})) {
  const auto leaves = static_cast<std::size_t>(sample);
  std::mt19937_64 random(leaves + 100);
  constexpr std::size_t features = 5, categorical = 2, rows = 64;
  std::vector<trees::Bitset> bitsets(4), known(features);
  for (auto& bits : bitsets) {
    for (auto& word : bits) word = static_cast<std::uint32_t>(random());
  }
  for (std::size_t f = 0; f < categorical; ++f) {
    for (auto& word : known[f]) word = static_cast<std::uint32_t>(random());
  }
  std::vector<Tree> all;
  std::vector<std::vector<char>> bytes;
  std::vector<trees::PredictorRecords> records;
  for (std::size_t t = 0; t < 12; ++t) {
    all.emplace_back(random, leaves, features, 30, categorical);
    bytes.push_back(all.back().predictor_bytes());
    records.emplace_back(trees::RecordArray{bytes.back().data(), all.back().nodes.size(), 56,
                                            trees::predictor_fields});
    trees::check_predictor(records.back(), features, bitsets.size());
  }
  trees::RankColumns columns(features);
  std::vector<trees::PredictorSource> sources;
  for (const auto& record : records) sources.emplace_back(record, bitsets, known, columns);
  columns.seal();
  trees::Forest forest({columns.columns(), 1, 1, 200, 0});
  trees::SlicedForest sliced(trees::SlicedForest::Tiles::codes, columns.columns(), 1);
  for (const auto& source : sources) {
    forest.add(source);
    BOOST_TEST_REQUIRE(sliced.add(source));
  }
  forest.finish();

  std::vector<double> x(rows * features);
  for (std::size_t k = 0; k < x.size(); ++k) {
    const std::size_t f = k % features;
    x[k] = f < categorical ? static_cast<double>(random() % 300) - 3
                           : static_cast<double>(random() % 41) / 10 - 2;
    if (random() % 8 == 0) x[k] = std::nan("");
  }
  const auto goes_left = [&](const Node& node, double v) {
    if (std::isnan(v)) return node.missing_left;
    if (!node.categorical) return v <= node.threshold;
    if (v < 0) return node.missing_left;
    const auto c = static_cast<std::uint8_t>(static_cast<int>(v));
    if (bitsets[node.bitset][c / 32] >> (c % 32) & 1) return true;
    if (known[static_cast<std::size_t>(node.feature)][c / 32] >> (c % 32) & 1) return false;
    return node.missing_left;
  };
  std::vector<double> expected(rows), out(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    for (const Tree& tree : all) {
      expected[r] += tree.nodes[tree.walk(&x[r * features], goes_left)].value;
    }
  }
  std::vector<std::uint32_t> tiles(rows * columns.columns());
  for (std::size_t r = 0; r < rows; r += 8) {
    columns.fill(&x[r * features], features, 8, &tiles[r * columns.columns()]);
  }
  forest.add_to(tiles.data(), rows, 0, all.size(), out.data());
  BOOST_TEST(out == expected, boost::test_tools::per_element());
  std::vector<std::uint8_t> codes(64 * columns.columns());
  columns.fill(x.data(), features, rows, codes.data());
  for (const trees::SlicedKernels* kernels : kernels_here()) {
    std::vector<double> acc(64);
    sliced.add_to(*kernels, codes.data(), 0, all.size(), acc.data());
    BOOST_TEST(acc == expected, boost::test_tools::per_element());
  }
}
