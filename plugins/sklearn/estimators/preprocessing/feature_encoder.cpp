#include "estimators/preprocessing/feature_encoder.hpp"

#include <algorithm>

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

constexpr std::string_view kInfrequent = "infrequent_sklearn";

// Numbers frequent categories in order and gives the infrequent ones the number after them.
void group(EncodedFeature& feature, const Value& indices, const Value& mapping, bool keep_nan) {
  const auto n = static_cast<std::int32_t>(feature.categories.size());
  const std::int32_t nan = keep_nan ? feature.categories.nan_index() : kNoCategory;
  require(nan == kNoCategory || nan == n - 1, "NaN must be the last category");
  const std::int32_t n_grouped = nan == kNoCategory ? n : n - 1;
  feature.grouping.resize(static_cast<std::size_t>(n));
  for (std::int32_t k = 0; k < n; ++k) feature.grouping[static_cast<std::size_t>(k)] = k;
  feature.n_groups = n;
  if (indices.is_none()) return;
  feature.grouped = true;
  feature.infrequent.assign(static_cast<std::size_t>(n), false);
  for (const std::int64_t k : indices.vector<std::int64_t>()) {
    require(k >= 0 && k < n_grouped && !feature.infrequent[static_cast<std::size_t>(k)],
            "_infrequent_indices has an index out of range, or one twice");
    feature.infrequent[static_cast<std::size_t>(k)] = true;
    ++feature.n_infrequent;
  }
  require(feature.n_infrequent > 0, "_infrequent_indices has an empty entry");
  const auto n_frequent = n_grouped - static_cast<std::int32_t>(feature.n_infrequent);
  std::int32_t next = 0;
  for (std::size_t k = 0; k < static_cast<std::size_t>(n_grouped); ++k) {
    feature.grouping[k] = feature.infrequent[k] ? n_frequent : next++;
  }
  feature.n_groups = n_frequent + 1;
  if (mapping.is_none()) return;
  const auto stored = mapping.vector<std::int64_t>(static_cast<std::size_t>(n_grouped),
                                                   "_default_to_infrequent_mappings");
  require(std::equal(stored.begin(), stored.end(), feature.grouping.begin()),
          "_infrequent_indices and _default_to_infrequent_mappings do not agree");
}

}  // namespace

std::vector<std::int32_t> EncodedFeature::representatives() const {
  std::vector<std::int32_t> out(static_cast<std::size_t>(n_groups));
  for (std::size_t k = 0; k < grouping.size(); ++k) {
    if (static_cast<std::size_t>(grouping[k]) >= out.size()) continue;  // NaN, outside the grouping
    out[static_cast<std::size_t>(grouping[k])] =
        static_cast<std::int32_t>(grouped && infrequent[k] ? categories.size() : k);
  }
  return out;
}

FeatureEncoder::FeatureEncoder(const Attributes& self, std::string_view name, bool keep_nan)
    : names_(self), name_(name) {
  const Value categories = self["categories_"];
  const std::size_t n = categories.size();
  names_.assume(n);
  const bool enabled = self.boolean("_infrequent_enabled", false);
  const Value indices = enabled ? self["_infrequent_indices"] : Value();
  const Value mappings = enabled ? self["_default_to_infrequent_mappings"] : Value();
  if (enabled) {
    require(indices.size() == n && mappings.size() == n,
            "the infrequent categories must have one entry per feature");
  }
  features_.reserve(n);
  for (std::size_t j = 0; j < n; ++j) {
    EncodedFeature feature{CategoryColumn(categories.item(j)), false, {}, {}, 0, 0};
    require(feature.categories.size() > 0, "a feature has no categories");
    group(feature, enabled ? indices.item(j) : Value(), enabled ? mappings.item(j) : Value(),
          keep_nan);
    features_.push_back(std::move(feature));
  }
}

std::vector<std::int32_t> FeatureEncoder::encode(const Input& x, bool refuse_unknown) const {
  if (x.is_csr()) {
    bad_input("Sparse data was passed, but dense data is required",
              "use '.toarray()' to convert to a dense array");
  }
  names_.check(x, name_);
  const std::size_t n = x.rows(), d = n_features();
  std::vector<std::int32_t> codes(n * d);
  for (std::size_t j = 0; j < d; ++j) {
    const CategoryColumn& categories = features_[j].categories;
    with_column(x, j, [&](const ArrayView& column) {
      categories.encode(column, codes.data() + j, d, x.is_table());
      if (!refuse_unknown) return;
      std::vector<std::string> unknown;
      for (std::size_t i = 0; i < n && unknown.size() < 10; ++i) {
        if (codes[i * d + j] != kNoCategory) continue;
        std::string arena;
        std::string text = repr(cell_at(column, column.at(i), arena));
        if (std::find(unknown.begin(), unknown.end(), text) == unknown.end()) {
          unknown.push_back(std::move(text));
        }
      }
      if (unknown.empty()) return;
      std::string list;
      for (const std::string& text : unknown) list += (list.empty() ? "" : ", ") + text;
      bad_input("Found unknown categories [" + list + "] in column " + std::to_string(j) +
                " during transform");
    });
  }
  return codes;
}

void FeatureEncoder::write_values(const std::vector<std::int32_t>& chosen, std::size_t rows,
                                  const skops_dtype& dtype, bool as_objects, Output& out) const {
  const std::size_t d = n_features();
  const skops_dtype stored = as_objects ? dtype_of<skops_cell> : dtype;
  const std::size_t width = stored.itemsize;
  const std::int64_t shape[] = {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(d)};
  auto* const to = static_cast<char*>(out.array(stored, shape));
  for (std::size_t j = 0; j < d; ++j) {
    const CategoryColumn& categories = features_[j].categories;
    // Every category once in the dtype of the result, then the infrequent one, then None.
    const std::size_t n = categories.size();
    std::vector<char> values((n + 2) * width);
    for (std::size_t k = 0; k < n; ++k) {
      put_cell(as_objects ? through_dtype(categories.cell(k), dtype) : categories.cell(k), stored,
               values.data() + k * width);
    }
    if (stored.kind == 'O') {
      skops_cell cell{};
      cell.kind = SKOPS_CELL_STRING;
      cell.as.string = str(kInfrequent);
      put_cell(cell, stored, values.data() + n * width);
      put_cell(skops_cell{}, stored, values.data() + (n + 1) * width);
    }
    for (std::size_t i = 0; i < rows; ++i) {
      const std::int32_t k = chosen[i * d + j];
      const std::size_t from = k == kNoCategory ? n + 1 : static_cast<std::size_t>(k);
      std::memcpy(to + (i * d + j) * width, values.data() + from * width, width);
    }
  }
}

}  // namespace skops_sklearn
