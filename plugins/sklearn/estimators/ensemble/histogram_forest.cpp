#include "estimators/ensemble/histogram_forest.hpp"

#include <deque>

#include "estimators/tree/fitted_tree.hpp"
#include "trees/check.hpp"
#include "trees/predictor_source.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

// Categories are small integers; a bitset holds 0 to 255.
trees::Bitset bitset_of(const Value& categories) {
  trees::Bitset out{};
  for (const double category : categories.vector<double>()) {
    require(category >= 0 && category <= 255 && category == std::floor(category),
            "a known category of a histogram model is not in 0..255");
    const auto bit = static_cast<std::uint32_t>(category);
    out[bit / 32] |= std::uint32_t{1} << (bit % 32);
  }
  return out;
}

// Known categories by feature; all clear for numerical ones.
std::vector<trees::Bitset> known_categories(const Attributes& self, std::size_t n_features) {
  std::vector<trees::Bitset> out(n_features);
  const Value mapper = self["_bin_mapper"];
  const Value flags = mapper.get("is_categorical_");
  if (flags.is_none()) return out;
  const auto categorical = flags.vector<std::uint8_t>(n_features, "is_categorical_");
  const Value thresholds = mapper["bin_thresholds_"];
  require(thresholds.size() == n_features, "bin_thresholds_ has not one entry per feature");
  for (std::size_t j = 0; j < n_features; ++j) {
    if (categorical[j]) out[j] = bitset_of(thresholds.item(j));
  }
  return out;
}

std::vector<trees::Bitset> bitsets_of(const Value& array) {
  const ArrayView a = array.array();
  require(a.ndim() == 2 && a.is<std::uint32_t>() && (a.extent(1) == 8 || a.extent(0) == 0),
          "the bitsets of a histogram tree must be uint32 of shape (k, 8)");
  const auto words = a.to_vector<std::uint32_t>();
  std::vector<trees::Bitset> out(a.extent(0));
  for (std::size_t k = 0; k < out.size(); ++k) std::copy_n(&words[k * 8], 8, out[k].begin());
  return out;
}

// The number of features is a claim of the file: what is kept of each is charged before any is.
std::size_t charged(const Attributes& self, std::size_t n_features) {
  const Loading in = self.node().loading();
  std::size_t kept = 128;
  require(!__builtin_mul_overflow(kept, n_features, &kept),
          "a histogram model has too many features");
  check(in.host->charge(in.context, kept));
  return n_features;
}

}  // namespace

HistogramForest::HistogramForest(const Attributes& self, std::size_t n_features)
    : baseline_(self["_baseline_prediction"].vector<double>()), ranks_(charged(self, n_features)) {
  const std::int64_t k = self["n_trees_per_iteration_"].integer();
  require(k >= 1 && static_cast<std::uint64_t>(k) == baseline_.size(),
          "_baseline_prediction has not one value per tree of an iteration");
  const auto known = known_categories(self, n_features);
  const Value iterations = self["_predictors"];
  const std::size_t n = iterations.size();

  // A file can name one iteration, or one tree, many times: what is kept of each tree is charged
  // before any is looked at, its nodes when they are.
  const Loading in = self.node().loading();
  std::size_t kept = 256;
  require(!__builtin_mul_overflow(kept, n, &kept) &&
              !__builtin_mul_overflow(kept, baseline_.size(), &kept),
          "a histogram model has too many trees");
  check(in.host->charge(in.context, kept));

  // Sources point to their records and bitsets.
  std::deque<trees::PredictorRecords> records;
  std::deque<std::vector<trees::Bitset>> bitsets;
  std::vector<trees::PredictorSource> sources;
  std::size_t nodes = 0, largest = 1;
  std::vector<trees::Field> fields;
  checked([&] {
    for (std::size_t i = 0; i < n; ++i) {
      const Value row = iterations.item(i);
      require(row.size() == baseline_.size(), "an iteration has not one tree per target");
      for (std::size_t j = 0; j < baseline_.size(); ++j) {
        const Value predictor = row.item(j);
        records.emplace_back(record_array(predictor["nodes"].array(), fields));
        const Value categories = predictor["raw_left_cat_bitsets"];
        check(in.host->charge(
            in.context, (records.back().size() * 4 + categories.array().size()) * sizeof(double)));
        bitsets.push_back(bitsets_of(categories));
        const auto facts =
            trees::check_predictor(records.back(), n_features, bitsets.back().size());
        work_ += facts.depth + 1;
        sources.emplace_back(records.back(), bitsets.back(), known, ranks_);
        nodes += records.back().size();
        largest = std::max(largest, records.back().size());
      }
    }
    ranks_.seal();
    forest_ = trees::Forest({ranks_.columns(), 1, baseline_.size(), largest, nodes});
    sliced_ =
        trees::SlicedForest(trees::SlicedForest::Tiles::codes, ranks_.columns(), baseline_.size());
    has_slices_ = ranks_.byte_ranks();
    for (const trees::PredictorSource& source : sources) {
      forest_.add(source);
      if (has_slices_) has_slices_ = sliced_.add(source);
    }
    forest_.finish();
    return 0;
  });
}

std::vector<double> HistogramForest::start(std::size_t rows) const {
  std::vector<double> raw(rows * baseline_.size());
  for (std::size_t i = 0; i < rows; ++i) {
    std::copy(baseline_.begin(), baseline_.end(),
              raw.begin() + static_cast<std::ptrdiff_t>(i * baseline_.size()));
  }
  return raw;
}

HistogramForest::Tile HistogramForest::tiles(const Matrix<double>& x) const {
  constexpr std::size_t height = trees::Forest::tile_rows;
  const std::size_t n = (x.rows() + height - 1) / height, words = height * forest_.columns();
  Tile out(n * words, 0);
  for (std::size_t t = 0; t < n; ++t) {
    ranks_.fill(x.row(t * height), x.stride(), rows_of(t, x.rows()), out.data() + t * words);
  }
  return out;
}

void HistogramForest::sum_slices(const Matrix<double>& x, std::vector<double>& raw) const {
  constexpr std::size_t height = trees::slice_rows;
  using Codes = std::vector<std::uint8_t, linalg::AlignedAllocator<std::uint8_t>>;
  const std::size_t k = targets(), n_trees = forest_.trees();
  Codes tile(height * ranks_.columns(), 0);
  std::vector<double, linalg::AlignedAllocator<double>> acc(height * k);
  for (std::size_t begin = 0; begin < x.rows(); begin += height) {
    const std::size_t rows = std::min(height, x.rows() - begin);
    ranks_.fill(x.row(begin), x.stride(), rows, tile.data());
    for (std::size_t j = 0; j < k; ++j) std::fill_n(&acc[j * height], height, baseline_[j]);
    sliced_.add_to(tile.data(), 0, n_trees, acc.data());
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < k; ++j) raw[(begin + i) * k + j] = acc[j * height + i];
    }
  }
}

std::vector<double> HistogramForest::sum(const Matrix<double>& x) const {
  // Slices pay from about a quarter of their height on.
  if (has_slices_ && forest_.trees() > 0 && x.rows() >= trees::slice_rows / 4) {
    std::vector<double> raw(x.rows() * targets());
    sum_slices(x, raw);
    return raw;
  }
  std::vector<double> raw = start(x.rows());
  const Tile all = tiles(x);
  const std::size_t words = trees::Forest::tile_rows * forest_.columns();
  for (std::size_t t = 0; t * trees::Forest::tile_rows < x.rows(); ++t) {
    forest_.add_to(all.data() + t * words, rows_of(t, x.rows()), 0, forest_.trees(),
                   raw.data() + t * trees::Forest::tile_rows * targets());
  }
  return raw;
}

}  // namespace skops_sklearn
