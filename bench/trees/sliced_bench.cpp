// Times boosted trees of few leaves: 64 rows at a time, and single rows. The file is as for
// forest_bench.cpp, with one value per leaf; its outputs have a second column, the baseline.
//
//   bench_sliced MODEL.bin [learning rate; default 0: histogram boosting]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "trees/check.hpp"
#include "trees/predictor_source.hpp"
#include "trees/sliced_forest.hpp"
#include "trees/tree_source.hpp"

namespace trees = skops_sklearn::trees;
using Clock = std::chrono::steady_clock;

namespace {

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

template <class F>
double best_of(int rounds, F&& f) {
  double best = 1e9;
  for (int k = 0; k < rounds; ++k) {
    const auto start = Clock::now();
    f();
    best = std::min(best, seconds_since(start));
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: bench_sliced MODEL.bin [rate]\n"), 2;
  const double rate = argc > 2 ? std::atof(argv[2]) : 0;
  const bool histogram = rate == 0;
  std::ifstream in(argv[1], std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  const char* p = bytes.data();
  const auto next = [&] {
    const auto value = trees::load<std::int64_t>(p);
    p += 8;
    return static_cast<std::size_t>(value);
  };
  const std::size_t n_trees = next();
  next();
  const std::size_t stride = next(), rows = next(), d = next(), outputs = next();
  trees::RankColumns ranks(d);
  const std::vector<trees::Bitset> no_bitsets, known(d);
  std::vector<trees::TreeRecords> records(n_trees);
  std::vector<trees::PredictorRecords> predictors(n_trees);
  std::vector<trees::PredictorSource> sources;
  std::vector<const char*> values;
  for (std::size_t t = 0; t < n_trees; ++t) {
    const std::size_t n = next();
    if (histogram) {
      predictors[t] = trees::PredictorRecords({p, n, stride, trees::predictor_fields});
      trees::check_predictor(predictors[t], d, 0);
      sources.emplace_back(predictors[t], no_bitsets, known, ranks);
    } else {
      records[t] = trees::TreeRecords({p, n, stride, trees::tree_fields});
      trees::check_tree(records[t], d, 100);
    }
    p += n * stride;
    values.push_back(p);
    p += n * 8;
  }
  ranks.seal();
  const std::size_t columns = histogram ? ranks.columns() : d;
  using Sliced = trees::SlicedForest;
  Sliced sliced(histogram ? Sliced::Tiles::codes : Sliced::Tiles::numbers, columns, 1);
  trees::Forest forest({columns, 1, 1, 4096, n_trees * 64});
  for (std::size_t t = 0; t < n_trees; ++t) {
    if (histogram) {
      forest.add(sources[t]);
      if (!sliced.add(sources[t])) return std::puts("too many leaves"), 1;
    } else {
      const auto value = [v = values[t], rate](std::size_t i, double* out) {
        *out = trees::load<double>(v + 8 * i) * rate;
      };
      const trees::TreeSource source(records[t], value);
      forest.add(source);
      if (!sliced.add(source)) return std::puts("too many leaves"), 1;
    }
  }
  forest.finish();

  const auto* x = reinterpret_cast<const double*>(p);
  const double* expected = x + rows * d;
  std::vector<double> out(rows), slow(rows);
  const double batch = best_of(5, [&] {
    std::vector<float> numbers(columns * 64);
    std::vector<std::uint8_t> codes(columns * 64);
    for (std::size_t i = 0; i < rows; i += 64) {
      const std::size_t n = std::min<std::size_t>(64, rows - i);
      double acc[64];
      for (double& a : acc) a = expected[1];
      if (histogram) {
        ranks.fill(x + i * d, d, n, codes.data());
        sliced.add_to(codes.data(), 0, n_trees, acc);
      } else {
        for (std::size_t r = 0; r < n; ++r) {
          for (std::size_t j = 0; j < d; ++j) {
            numbers[j * 64 + r] = static_cast<float>(x[(i + r) * d + j]);
          }
        }
        sliced.add_to(numbers.data(), 0, n_trees, acc);
      }
      std::copy_n(acc, n, &out[i]);
    }
  });
  const std::size_t cycle = std::min<std::size_t>(2500, rows);
  const double single = best_of(5, [&] {
    std::vector<std::uint32_t> tile(columns * 8);
    for (std::size_t i = 0; i < cycle; ++i) {
      if (histogram) {
        ranks.fill(x + i * d, d, 1, tile.data());
      } else {
        for (std::size_t j = 0; j < d; ++j) {
          tile[j * 8] = trees::key_of(static_cast<float>(x[i * d + j]));
        }
      }
      slow[i] = expected[1];
      forest.add_to(tile.data(), 1, 0, n_trees, &slow[i]);
    }
  });
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < rows; ++i) wrong += out[i] != expected[i * outputs];
  for (std::size_t i = 0; i < cycle; ++i) wrong += slow[i] != expected[i * outputs];
  std::printf("%zu columns, %zu values differ; one row %.3f us, batch %.4f us a row\n", columns,
              wrong, single / static_cast<double>(cycle) * 1e6,
              batch / static_cast<double>(rows) * 1e6);
  return wrong == 0 ? 0 : 1;
}
