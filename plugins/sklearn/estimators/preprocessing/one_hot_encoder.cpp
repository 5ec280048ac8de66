// sklearn.preprocessing.OneHotEncoder: a column for every category (infrequent ones share the last
// of a feature, a dropped one has none), as CSR or dense, and back.
#include <algorithm>

#include "estimators/preprocessing/feature_encoder.hpp"
#include "estimators/shared/check_width.hpp"
#include "estimators/shared/dtype_parameter.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class OneHotEncoder final : public Estimator {
 public:
  static constexpr std::string_view type_name = "OneHotEncoder";

  explicit OneHotEncoder(const Attributes& self) : encoder_(self, type_name, false) {
    const std::string unknown = self.text("handle_unknown", "error");
    require(unknown == "error" || unknown == "ignore" || unknown == "infrequent_if_exist" ||
                unknown == "warn",
            "handle_unknown is not one of 'error', 'ignore', 'infrequent_if_exist', 'warn'");
    refuse_unknown_ = unknown == "error";
    ignore_unknown_ = unknown == "ignore";
    // Before scikit-learn 1.2 the parameter was called sparse.
    const char* const sparse = self.has("sparse_output") ? "sparse_output" : "sparse";
    sparse_ = self.boolean(sparse, true);
    dtype_ = read_dtype(self.get("dtype"), dtype_of<double>);
    if (dtype_.kind == 'O' || (dtype_.kind == 'f' && dtype_.itemsize == 2)) {
      unsupported("one-hot columns as objects or half floats are not supported");
    }
    read_drops(self);
    number_columns();
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }
  std::uint64_t work_per_row() const override { return 10 * encoder_.n_features() + 1; }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (method == Method::inverse_transform) return inverse(x, out);
    with_type(dtype_, [&](auto sample) { transform<decltype(sample)>(x, out); });
  }

 private:
  // The number of the group of each feature that has no column.
  void read_drops(const Attributes& self) {
    drops_.assign(encoder_.n_features(), kNoCategory);
    const bool regrouped = self.has("_drop_idx_after_grouping");
    const Value drops = self.get(regrouped ? "_drop_idx_after_grouping" : "drop_idx_");
    if (drops.is_none()) return;
    has_drops_ = true;
    const ArrayView a = drops.array();
    require(a.ndim() == 1 && a.size() == drops_.size(),
            "drop_idx_ must have one entry per feature");
    std::size_t j = 0;
    a.each([&](const char* p) {
      std::string arena;
      const skops_cell cell = cell_at(a, p, arena);
      if (cell.kind != SKOPS_CELL_NONE) {
        require(cell.kind == SKOPS_CELL_INTEGER && cell.as.integer >= 0 &&
                    cell.as.integer < encoder_.feature(j).n_groups,
                "drop_idx_ has an index out of range");
        drops_[j] = static_cast<std::int32_t>(cell.as.integer);
      }
      ++j;
    });
  }

  void number_columns() {
    std::int64_t width = 0;
    columns_.resize(drops_.size());
    for (std::size_t j = 0; j < drops_.size(); ++j) {
      const EncodedFeature& feature = encoder_.feature(j);
      Columns& columns = columns_[j];
      columns.first = static_cast<std::int32_t>(width);
      columns.count = feature.n_groups - (drops_[j] != kNoCategory);
      columns.groups = feature.representatives();
      columns.kept = columns.groups;
      if (drops_[j] != kNoCategory) columns.kept.erase(columns.kept.begin() + drops_[j]);
      const auto column_of = [&](std::int32_t number) {
        if (number == drops_[j]) return kNoCategory;
        const bool behind = drops_[j] != kNoCategory && number > drops_[j];
        return columns.first + number - (behind ? 1 : 0);
      };
      for (const std::int32_t number : feature.grouping) columns.of.push_back(column_of(number));
      // Unknown values belong to the infrequent ones where there are any and they may.
      const bool joins = feature.grouped && !ignore_unknown_ && !refuse_unknown_;
      columns.of.push_back(joins ? column_of(feature.n_groups - 1) : kNoCategory);
      width += columns.count;
      require(width < INT32_MAX, "there are too many categories");
    }
    width_ = static_cast<std::size_t>(width);
  }

  template <class T>
  void transform(const Input& x, Output& out) const {
    std::vector<std::int32_t> codes = encoder_.encode(x, refuse_unknown_);
    const std::size_t n = x.rows(), d = encoder_.n_features();
    std::size_t nnz = 0;
    for (std::size_t k = 0; k < codes.size();) {
      for (std::size_t j = 0; j < d; ++j, ++k) {
        const std::vector<std::int32_t>& of = columns_[j].of;
        codes[k] = codes[k] == kNoCategory ? of.back() : of[static_cast<std::size_t>(codes[k])];
        nnz += codes[k] != kNoCategory;
      }
    }
    if (!sparse_) {
      std::size_t cells = 0;
      if (__builtin_mul_overflow(n, width_, &cells)) {
        throw Failure(SKOPS_LIMIT, "limit.result", "the result is too large");
      }
      T* y = out.array<T>({n, width_});
      std::fill_n(y, cells, T(0));
      for (std::size_t i = 0; i < n; ++i, y += width_) {
        for (std::size_t j = 0; j < d; ++j) {
          if (codes[i * d + j] != kNoCategory) y[codes[i * d + j]] = T(1);
        }
      }
      return;
    }
    const auto y = out.csr<T>(n, width_, nnz);
    std::fill_n(y.data, nnz, T(1));
    std::int32_t at = 0;
    y.indptr[0] = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < d; ++j) {
        if (codes[i * d + j] != kNoCategory) y.indices[at++] = codes[i * d + j];
      }
      y.indptr[i + 1] = at;
    }
  }

  // The category that a row's columns of feature j stand for.
  std::int32_t invert(const double* row, std::size_t j, std::size_t i, bool& found_unknown) const {
    const EncodedFeature& feature = encoder_.feature(j);
    const Columns& columns = columns_[j];
    // The stored index counts groups, and is used for categories: as scikit-learn does it.
    if (columns.count == 0) return drops_[j];
    const double* const begin = row + columns.first;
    std::int32_t best = 0;
    double sum = 0;
    for (std::int32_t k = 0; k < columns.count; ++k) {
      sum += begin[k];
      if (begin[k] > begin[best]) best = k;
    }
    if (sum != 0) return columns.kept[static_cast<std::size_t>(best)];
    const bool may_be_unknown = ignore_unknown_ || (!refuse_unknown_ && !feature.grouped);
    if (may_be_unknown) {
      if (drops_[j] != kNoCategory) return drops_[j];
      found_unknown = true;
      return kNoCategory;
    }
    if (drops_[j] != kNoCategory) return columns.groups[static_cast<std::size_t>(drops_[j])];
    bad_input("Samples [" + std::to_string(i) +
              "] can not be inverted when drop=None and handle_unknown='error' because they "
              "contain all zeros");
  }

  void inverse(const Input& x, Output& out) const {
    check_width(x, width_, type_name, true);
    const std::size_t n = x.rows(), d = encoder_.n_features();
    std::vector<std::int32_t> chosen(n * d);
    bool found_unknown = false;
    const auto row_of = [&](std::size_t i, const double* row) {
      for (std::size_t j = 0; j < d; ++j) chosen[i * d + j] = invert(row, j, i, found_unknown);
    };
    if (x.is_csr()) {
      const CsrRows<double> rows(x.csr());
      check_finite(rows, Finite::required, type_name);
      std::vector<double> row(width_);
      for (std::size_t i = 0; i < n; ++i) {
        const auto begin = rows.indptr()[i], end = rows.indptr()[i + 1];
        for (auto k = begin; k < end; ++k) {
          row[static_cast<std::size_t>(rows.indices()[k])] += rows.data()[k];
        }
        row_of(i, row.data());
        for (auto k = begin; k < end; ++k) row[static_cast<std::size_t>(rows.indices()[k])] = 0;
      }
    } else {
      const auto rows = to_matrix<double>(x);
      check_finite(rows, Finite::required, type_name);
      for (std::size_t i = 0; i < n; ++i) row_of(i, rows.row(i));
    }
    std::vector<skops_dtype> dtypes;
    for (std::size_t j = 0; j < d; ++j) {
      const EncodedFeature& feature = encoder_.feature(j);
      dtypes.push_back(feature.grouped ? dtype_of<skops_cell> : feature.categories.dtype());
    }
    encoder_.write_values(chosen, n, result_type(dtypes), found_unknown, out);
  }

  struct Columns {
    std::int32_t first = 0, count = 0;
    std::vector<std::int32_t> of;      // column of each category, then that of unknown values
    std::vector<std::int32_t> groups;  // category of each group
    std::vector<std::int32_t> kept;    // category of each column
  };

  FeatureEncoder encoder_;
  bool refuse_unknown_ = true, ignore_unknown_ = false, sparse_ = true, has_drops_ = false;
  skops_dtype dtype_{};
  std::vector<std::int32_t> drops_;
  std::vector<Columns> columns_;
  std::size_t width_ = 0;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(OneHotEncoder)
