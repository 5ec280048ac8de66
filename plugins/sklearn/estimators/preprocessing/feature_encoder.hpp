// What OneHotEncoder and OrdinalEncoder share: the categories of every feature, infrequent ones
// grouped, and matrices of values to matrices of category numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "define.hpp"
#include "estimators/preprocessing/category_column.hpp"

namespace skops_sklearn {

// One feature: its categories, and how they are numbered once infrequent ones are one category.
struct EncodedFeature {
  CategoryColumn categories;
  bool grouped = false;                // some categories are infrequent
  std::vector<bool> infrequent;        // by category; empty unless grouped
  std::vector<std::int32_t> grouping;  // category -> number after grouping
  std::int32_t n_groups = 0;           // numbers after grouping; the infrequent one is the last
  std::size_t n_infrequent = 0;

  // Number after grouping -> category, or size() for the infrequent one.
  std::vector<std::int32_t> representatives() const;
};

class FeatureEncoder {
 public:
  // `keep_nan`: NaN stays outside the grouping, as OrdinalEncoder has it.
  FeatureEncoder(const skops::sdk::Attributes& self, std::string_view name, bool keep_nan);

  std::size_t n_features() const { return features_.size(); }
  const EncodedFeature& feature(std::size_t j) const { return features_[j]; }

  // (rows, features) category indices, kNoCategory where a value is none; `refuse_unknown` makes
  // that an error.
  std::vector<std::int32_t> encode(const skops::sdk::Input& x, bool refuse_unknown) const;

  // Writes (rows, features) values: `chosen` has a category of each feature, size() for the
  // infrequent one, or kNoCategory for None. `as_objects` turns the result into objects.
  void write_values(const std::vector<std::int32_t>& chosen, std::size_t rows,
                    const skops_dtype& dtype, bool as_objects, skops::sdk::Output& out) const;

 private:
  skops::sdk::Features names_;
  std::string_view name_;
  std::vector<EncodedFeature> features_;
};

}  // namespace skops_sklearn
