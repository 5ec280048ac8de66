// Packed forests, in each layout and by each route, give exactly the sums of the naive walk.
#define BOOST_TEST_MODULE trees
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "random_tree.hpp"
#include "trees/check.hpp"
#include "trees/rank_columns.hpp"
#include "trees/tree_source.hpp"

namespace bdata = boost::unit_test::data;
using namespace trees_test;

namespace {

struct Shape {
  const char* name;
  std::size_t trees, leaves, features, depth, width, targets;
};
std::ostream& operator<<(std::ostream& out, const Shape& shape) {
  return out << shape.name;
}

const Shape shapes[] = {
    {"stumps", 20, 2, 3, 1, 1, 1},         {"single leaves", 5, 1, 3, 1, 2, 1},
    {"boosting", 100, 8, 20, 3, 1, 3},     {"forest", 17, 400, 20, 60, 2, 1},
    {"many classes", 9, 300, 5, 40, 7, 1}, {"many features", 11, 200, 3000, 40, 1, 1},
    {"wide", 6, 200, 9000, 40, 3, 1},      {"distinct values", 40, 900, 4, 60, 1, 1},
    {"chains", 3, 200, 2, 1000, 1, 1},
};

float feature_value(std::mt19937_64& random) {
  const auto pick = random() % 50;
  if (pick == 0) return std::numeric_limits<float>::infinity();
  if (pick == 1) return -std::numeric_limits<float>::infinity();
  if (pick == 2) return -0.0f;
  return static_cast<float>(static_cast<int>(random() % 41)) / 10 - 2;
}

}  // namespace

BOOST_DATA_TEST_CASE(forest_equals_naive_walk, bdata::make(shapes)) {
  const Shape& shape = sample;
  std::mt19937_64 random(shape.leaves * 31 + shape.features);
  std::vector<Tree> all;
  std::vector<std::vector<char>> bytes;
  std::vector<trees::TreeRecords> records;
  std::size_t largest = 0;
  for (std::size_t t = 0; t < shape.trees; ++t) {
    all.emplace_back(random, shape.leaves, shape.features, shape.depth);
    bytes.push_back(all.back().tree_bytes(t % 2 == 0 ? 64 : 57));
    records.emplace_back(trees::RecordArray{bytes.back().data(), all.back().nodes.size(),
                                            t % 2 == 0 ? 64u : 57u, trees::tree_fields});
    const auto facts = trees::check_tree(records.back(), shape.features, 1000);
    BOOST_TEST(facts.depth == all.back().depth);
    largest = std::max(largest, all.back().nodes.size());
  }
  trees::Forest forest({shape.features, shape.width, shape.targets, largest, 0});
  for (std::size_t t = 0; t < shape.trees; ++t) {
    const auto value = [&, t](std::size_t i, double* out) {
      for (std::size_t k = 0; k < shape.width; ++k) out[k] = all[t].nodes[i].value + double(k);
    };
    forest.add(trees::TreeSource(records[t], value));
  }
  forest.finish();
  BOOST_TEST(forest.trees() == shape.trees);

  const std::size_t outputs = shape.width * shape.targets;
  for (const std::size_t rows : {1, 3, 5, 8, 9, 20}) {
    std::vector<float> x(rows * shape.features);
    for (float& v : x) v = feature_value(random);
    std::vector<std::uint32_t> tiles((rows + 7) / 8 * 8 * shape.features);
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t j = 0; j < shape.features; ++j) {
        tiles[(r / 8 * shape.features + j) * 8 + r % 8] = trees::key_of(x[r * shape.features + j]);
      }
    }
    const std::size_t first = rows == 5 ? shape.trees / 3 : 0;
    std::vector<double> expected(rows * outputs, 0.5), out(rows * outputs, 0.5);
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t t = first; t < shape.trees; ++t) {
        const std::size_t leaf = all[t].walk(&x[r * shape.features], [](const Node& node, float v) {
          return static_cast<double>(v) <= node.threshold;
        });
        for (std::size_t k = 0; k < shape.width; ++k) {
          expected[r * outputs + t % shape.targets * shape.width + k] +=
              all[t].nodes[leaf].value + double(k);
        }
      }
    }
    forest.add_to(tiles.data(), rows, first, shape.trees, out.data());
    BOOST_TEST(out == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(keys_keep_the_order_of_numbers) {
  const float inf = std::numeric_limits<float>::infinity();
  const float numbers[] = {-inf, -1e30f, -1.0f, -1e-45f, 0.0f, 1e-45f, 0.5f, 1.0f, 1e38f, inf};
  for (const float a : numbers) {
    for (const float b : numbers) {
      BOOST_TEST((trees::key_of(a) < trees::key_of(b)) == (a < b));
    }
    BOOST_TEST(trees::number_of(trees::key_of(a)) == a);
  }
  BOOST_TEST(trees::key_of(-0.0f) == trees::key_of(0.0f));
  BOOST_TEST(trees::key_of(inf) == trees::leaf_key);
}

BOOST_AUTO_TEST_CASE(thresholds_round_down) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(-3, 3);
  for (int k = 0; k < 10000; ++k) {
    const double t = uniform(random);
    const float x = std::nextafterf(static_cast<float>(t), k % 2 ? 10.0f : -10.0f);
    for (const float v : {x, static_cast<float>(t)}) {
      BOOST_TEST((v <= trees::round_down(t)) == (static_cast<double>(v) <= t));
    }
  }
  BOOST_TEST(std::isfinite(trees::round_down(1e300)));
  BOOST_TEST(trees::round_down(-1e300) == -std::numeric_limits<float>::infinity());
}

// A missing value that goes right is above every rank. Above the leaves' keys, it would move walks
// that have arrived out of their tree.
BOOST_AUTO_TEST_CASE(missing_ranks_stay_below_leaves) {
  trees::RankColumns columns(1);
  columns.declare(0, 1.0, false);
  columns.declare(0, std::numeric_limits<double>::infinity(), false);
  columns.seal();
  const double x[] = {std::numeric_limits<double>::quiet_NaN()};
  std::vector<std::uint32_t> tile(8 * columns.columns());
  columns.fill(x, 1, 1, tile.data());
  BOOST_TEST(tile[0] < trees::leaf_key);
  BOOST_TEST(tile[0] > columns.rank(0, std::numeric_limits<double>::infinity()));
}
