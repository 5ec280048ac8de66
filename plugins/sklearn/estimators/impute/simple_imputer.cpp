// sklearn.impute.SimpleImputer: missing values replaced by the statistic of their column, columns
// without a statistic left out, columns that say what was missing added on demand, and back.
//
// The mean and the median work in floats (float32 stays); other strategies keep the dtype of the
// input, objects included.
#include <algorithm>
#include <cstring>

#include "define.hpp"
#include "estimators/impute/missing_value.hpp"
#include "estimators/preprocessing/category_column.hpp"
#include "estimators/shared/any_dtype.hpp"
#include "estimators/shared/check_width.hpp"
#include "estimators/shared/dtype_parameter.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

bool is_nan_cell(const skops_cell& cell) {
  return cell.kind == SKOPS_CELL_REAL && std::isnan(cell.as.real);
}

class SimpleImputer final : public Estimator {
 public:
  static constexpr std::string_view type_name = "SimpleImputer";

  explicit SimpleImputer(const Attributes& self)
      : features_(self), missing_(self.get("missing_values")) {
    if (!self.has("missing_values")) missing_ = MissingValue();
    const Value strategy = self.get("strategy");
    const std::string name = strategy.is_none()     ? "mean"
                             : strategy.is_string() ? strategy.text()
                                                    : "callable";
    require(name == "mean" || name == "median" || name == "most_frequent" || name == "constant" ||
                name == "callable",
            "strategy is none of scikit-learn's");
    keeps_dtype_ = name == "most_frequent" || name == "constant";

    const Value statistics = self["statistics_"];
    const ArrayView a = statistics.array();
    require(a.ndim() == 1 && (a.numeric() || a.kind() == 'O'), "statistics_ must be a vector");
    features_.assume(a.size());
    const skops_dtype fill = read_dtype(self.get("_fill_dtype"), dtype_of<skops_cell>);
    a.each([&](const char* p) {
      std::string arena;
      fills_.push_back(cell_at(a, p, arena));
      if (fill.kind == 'f' && fill.itemsize == 4 && fills_.back().kind == SKOPS_CELL_REAL) {
        fills_.back().as.real = static_cast<float>(fills_.back().as.real);
      }
    });
    objects_ = read_dtype(self.get("_fit_dtype"), dtype_of<double>).kind == 'O';

    // Up to 1.7 a constant filled columns without values too.
    const bool keep_all = self.boolean("keep_empty_features", false) ||
                          (name == "constant" && !self.has("_fill_dtype"));
    for (std::size_t j = 0; j < fills_.size(); ++j) {
      if (keep_all || !is_nan_cell(fills_[j])) kept_.push_back(j);
    }
    if (self.boolean("add_indicator", false)) {
      has_indicator_ = true;
      for (const std::int64_t j : self["indicator_"]["features_"].vector<std::int64_t>()) {
        require(j >= 0 && static_cast<std::uint64_t>(j) < fills_.size() &&
                    (indicated_.empty() || indicated_.back() < static_cast<std::size_t>(j)),
                "features_ of the indicator are out of range or order");
        indicated_.push_back(static_cast<std::size_t>(j));
      }
    }
  }

  std::vector<Method> methods() const override {
    if (has_indicator_) return {Method::transform, Method::inverse_transform};
    return {Method::transform};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (method == Method::inverse_transform) return inverse(x, out);
    features_.check(x, type_name);
    if (x.is_csr()) return transform_csr(x, out);
    skops_dtype dtype = x.is_table() ? common_dtype(x) : x.array().dtype();
    if (objects_) {
      dtype = dtype_of<skops_cell>;
    } else if (!keeps_dtype_) {
      dtype = dtype.kind == 'f' && dtype.itemsize == 4 ? dtype_of<float> : dtype_of<double>;
    }
    if (dtype.kind == 'O') return transform_objects(x, out);
    if (dtype.kind != 'f' && dtype.kind != 'i' && dtype.kind != 'u') {
      bad_input("SimpleImputer does not support data with dtype " +
                (x.is_table() ? std::string("of this table") : x.array().name()) +
                ". Please provide either a numeric array or texts in an object array.");
    }
    if (!missing_.is_number() && !missing_.allows_nan()) {
      bad_input("'X' and 'missing_values' types are expected to be both numerical.");
    }
    const bool known = with_type(dtype, [&](auto sample) {
      using T = decltype(sample);
      if constexpr (!std::is_same_v<T, bool>) transform_numbers<T>(x, out);
    });
    if (!known) bad_input("this dtype is not supported");
  }

 private:
  std::size_t width() const { return kept_.size() + indicated_.size(); }

  // The fill of column j as a T, or an error where it is none.
  template <class T>
  T fill(std::size_t j) const {
    const skops_cell& cell = fills_[j];
    if (cell.kind == SKOPS_CELL_STRING || cell.kind == SKOPS_CELL_NONE) {
      bad_input("the filling value of a column cannot be cast to the dtype of the input");
    }
    const double value = cell_to_real(cell);
    if constexpr (std::is_floating_point_v<T>) {
      return static_cast<T>(value);
    } else {
      T out{};
      if (!convert(std::trunc(value), out)) {
        bad_input("the filling value of a column does not fit the dtype of the input");
      }
      return out;
    }
  }

  template <class T>
  void transform_numbers(const Input& x, Output& out) const {
    const auto rows = to_matrix<T>(x);
    if constexpr (std::is_floating_point_v<T>) {
      check_finite(rows, missing_.allows_nan() ? Finite::allow_nan : Finite::required, type_name);
    }
    const std::size_t n = rows.rows();
    std::vector<T> fills(fills_.size());
    std::vector<bool> read(fills_.size());
    T* y = out.array<T>({n, width()});
    for (std::size_t i = 0; i < n; ++i) {
      const T* row = rows.row(i);
      for (const std::size_t j : kept_) {
        if (!missing_.matches(row[j])) {
          *y++ = row[j];
          continue;
        }
        if (!read[j]) fills[j] = fill<T>(j), read[j] = true;
        *y++ = fills[j];
      }
      for (const std::size_t j : indicated_) *y++ = static_cast<T>(missing_.matches(row[j]));
    }
  }

  void transform_objects(const Input& x, Output& out) const {
    const std::size_t n = x.rows(), m = width();
    auto* const y = out.array<skops_cell>({n, m});
    const auto cell_of = [&](std::size_t i, std::size_t j) {
      const ArrayView a = x.is_table() ? x.column(j) : x.array();
      std::string arena;
      skops_cell cell = cell_at(a, x.is_table() ? a.at(i) : a.at(i, j), arena);
      if (a.kind() == 'U') cell.as.string = out.keep(arena);
      if (is_nan_cell(cell) && !missing_.allows_nan()) {
        bad_input("Input X contains NaN", "impute NaN first, or set missing_values=nan");
      }
      return cell;
    };
    std::vector<skops_cell> row(fills_.size());
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < row.size(); ++j) row[j] = cell_of(i, j);
      skops_cell* to = y + i * m;
      for (const std::size_t j : kept_) *to++ = missing_.matches(row[j]) ? fills_[j] : row[j];
      for (const std::size_t j : indicated_) {
        to->kind = SKOPS_CELL_BOOL;
        to->as.integer = missing_.matches(row[j]);
        ++to;
      }
    }
  }

  void transform_csr(const Input& x, Output& out) const {
    if (missing_.is_number() && missing_.number() == 0) {
      bad_input("Imputation not possible when missing_values == 0 and input is sparse.",
                "provide a dense array instead");
    }
    const ArrayView data(x.csr().data);
    if (!keeps_dtype_) {
      if (data.is<float>()) {
        sparse_as<float>(x, out);
      } else {
        sparse_as<double>(x, out);
      }
      return;
    }
    bool known = false;
    with_type(data.dtype(), [&](auto sample) {
      using T = decltype(sample);
      if constexpr (!std::is_same_v<T, bool>) {
        known = true;
        sparse_as<T>(x, out);
      }
    });
    if (!known) bad_input("SimpleImputer does not support data with dtype " + data.name());
  }

  template <class T>
  void sparse_as(const Input& x, Output& out) const {
    const CsrRows<T> rows(x.csr());
    if constexpr (std::is_floating_point_v<T>) {
      check_finite(rows, missing_.allows_nan() ? Finite::allow_nan : Finite::required, type_name);
    }
    // Where each column goes, and where its indicator.
    std::vector<std::int32_t> column(fills_.size(), kNoCategory), indicator = column;
    for (std::size_t k = 0; k < kept_.size(); ++k) column[kept_[k]] = static_cast<std::int32_t>(k);
    for (std::size_t k = 0; k < indicated_.size(); ++k) {
      indicator[indicated_[k]] = static_cast<std::int32_t>(kept_.size() + k);
    }
    std::vector<T> values;
    std::vector<std::int32_t> columns, ends, marks;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      marks.clear();
      for (auto k = rows.indptr()[i]; k < rows.indptr()[i + 1]; ++k) {
        const auto j = static_cast<std::size_t>(rows.indices()[k]);
        const bool missing = missing_.matches(rows.data()[k]);
        if (missing && indicator[j] != kNoCategory) marks.push_back(indicator[j]);
        if (column[j] == kNoCategory) continue;
        columns.push_back(column[j]);
        values.push_back(missing ? fill<T>(j) : rows.data()[k]);
      }
      std::sort(marks.begin(), marks.end());
      for (const std::int32_t mark : marks) {
        columns.push_back(mark);
        values.push_back(T(1));
      }
      if (values.size() > INT32_MAX) {
        throw Failure(SKOPS_LIMIT, "limit.result", "the result has too many entries");
      }
      ends.push_back(static_cast<std::int32_t>(values.size()));
    }
    const auto y = out.csr<T>(rows.rows(), width(), values.size());
    std::copy(values.begin(), values.end(), y.data);
    std::copy(columns.begin(), columns.end(), y.indices);
    y.indptr[0] = 0;
    std::copy(ends.begin(), ends.end(), y.indptr + 1);
  }

  // Columns that were missing in every row have no imputed column to come back from: they are told
  // by their indicators, as scikit-learn does it.
  void inverse(const Input& x, Output& out) const {
    if (x.columns() < indicated_.size()) bad_input("X has too few columns");
    check_width(x, x.columns(), type_name);
    if (!missing_.is_number() && !missing_.allows_nan()) {
      bad_input("missing values that are no numbers cannot be put back");
    }
    const auto rows = to_matrix<double>(x);
    const std::size_t n = rows.rows(), imputed = x.columns() - indicated_.size();
    const std::size_t d = fills_.size();
    std::vector<bool> empty(d);
    for (std::size_t k = 0; k < indicated_.size(); ++k) {
      bool all = true;
      for (std::size_t i = 0; i < n; ++i) all = all && rows(i, imputed + k) != 0;
      empty[indicated_[k]] = all;
    }
    double* const y = out.array<double>({n, d});
    std::fill_n(y, n * d, 0.0);
    std::size_t to = 0;
    for (std::size_t k = 0; k < imputed; ++k, ++to) {
      while (to < d && empty[to]) ++to;
      if (to >= d) bad_input("X has more columns than there were features");
      for (std::size_t i = 0; i < n; ++i) y[i * d + to] = rows(i, k);
    }
    for (std::size_t k = 0; k < indicated_.size(); ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        if (rows(i, imputed + k) != 0) y[i * d + indicated_[k]] = missing_.number();
      }
    }
  }

  Features features_;
  MissingValue missing_;
  bool keeps_dtype_ = false, objects_ = false, has_indicator_ = false;
  std::vector<skops_cell> fills_;       // by feature
  std::vector<std::size_t> kept_;       // features that stay
  std::vector<std::size_t> indicated_;  // features with an indicator
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(SimpleImputer)
