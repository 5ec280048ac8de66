// Times the walks of packed forests on trees that scikit-learn has trained.
//
//   bench_forest MODEL.bin [baseline learning_rate]
//
// The file is what export.py writes: counts, then node records and values of each tree, then rows
// and scikit-learn's outputs, which are compared first. One-row figures cycle through 2,500 rows.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "trees/check.hpp"
#include "trees/tree_source.hpp"

namespace trees = skops_sklearn::trees;
using Clock = std::chrono::steady_clock;

namespace {

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void fill(const double* x, std::size_t columns, std::size_t rows, std::uint32_t* tile) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t j = 0; j < columns; ++j) {
      tile[j * 8 + r] = trees::key_of(static_cast<float>(x[r * columns + j]));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: bench_forest MODEL.bin\n"), 2;
  std::ifstream in(argv[1], std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  const char* p = bytes.data();
  const auto next = [&] {
    const auto value = trees::load<std::int64_t>(p);
    p += 8;
    return static_cast<std::size_t>(value);
  };
  const std::size_t n_trees = next(), width = next(), stride = next(), rows = next(),
                    columns = next(), outputs = next();
  std::vector<trees::TreeRecords> records;
  std::vector<const char*> values;
  std::size_t nodes = 0, largest = 0;
  auto start = Clock::now();
  for (std::size_t t = 0; t < n_trees; ++t) {
    const std::size_t n = next();
    records.emplace_back(trees::RecordArray{p, n, stride, trees::tree_fields});
    trees::check_tree(records.back(), columns, 1 << 20);
    p += n * stride;
    values.push_back(p);
    p += n * width * 8;
    nodes += n;
    largest = std::max(largest, n);
  }
  const double check = seconds_since(start);
  start = Clock::now();
  trees::Forest forest({columns, width, 1, largest, nodes});
  for (std::size_t t = 0; t < n_trees; ++t) {
    const auto value = [v = values[t], width](std::size_t i, double* out) {
      std::memcpy(out, v + i * width * 8, width * 8);
    };
    forest.add(trees::TreeSource(records[t], value));
  }
  forest.finish();
  std::printf("%zu trees, %zu nodes: check %.2f ms, build %.2f ms, %.1f MB\n", n_trees, nodes,
              check * 1e3, seconds_since(start) * 1e3, static_cast<double>(forest.bytes()) / 1e6);

  const auto* x = reinterpret_cast<const double*>(p);
  const double* expected = x + rows * columns;
  std::vector<double> out(rows * width);
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    start = Clock::now();
    std::fill(out.begin(), out.end(), 0.0);
    constexpr std::size_t block = 2048;
    std::vector<std::uint32_t> tiles(block * columns);
    for (std::size_t i = 0; i < rows; i += block) {
      const std::size_t n = std::min(block, rows - i);
      for (std::size_t r = 0; r < n; r += 8) {
        fill(x + (i + r) * columns, columns, std::min<std::size_t>(8, n - r), &tiles[r * columns]);
      }
      forest.add_to(tiles.data(), n, 0, n_trees, &out[i * width]);
    }
    for (double& v : out) v /= static_cast<double>(n_trees);
    best = std::min(best, seconds_since(start));
  }
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < out.size() && outputs == width; ++i) wrong += out[i] != expected[i];
  double single = 1e9, sum = 0;
  const std::size_t cycle = std::min<std::size_t>(2500, rows);
  std::vector<std::uint32_t> tile(columns * 8);
  std::vector<double> one(width);
  for (int round = 0; round < 5; ++round) {
    start = Clock::now();
    for (std::size_t i = 0; i < cycle; ++i) {
      std::fill(one.begin(), one.end(), 0.0);
      fill(x + i * columns, columns, 1, tile.data());
      forest.add_to(tile.data(), 1, 0, n_trees, one.data());
      sum += one[0];
    }
    single = std::min(single, seconds_since(start) / static_cast<double>(cycle));
  }
  std::printf("%zu values differ; one row %.2f us, batch %.3f us a row (%g)\n", wrong, single * 1e6,
              best / static_cast<double>(rows) * 1e6, sum);
  return wrong == 0 ? 0 : 1;
}
