// sklearn.preprocessing.PolynomialFeatures: all products of at most `degree` columns.
//
// Columns stand by degree, then in the order of combinations. A product is made as scikit-learn
// makes it: the products of the degree below that start at or after column f, times column f; so a
// degree is one multiplication of a range per column. Sparse rows only visit combinations of their
// entries; the column of a combination is its rank. The number of columns is recomputed and bounded
// at load.
#include <algorithm>

#include "define.hpp"
#include "estimators/shared/numeric_input.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

constexpr std::uint64_t most_columns = std::uint64_t{1} << 26;

class PolynomialFeatures final : public Estimator {
 public:
  static constexpr std::string_view type_name = "PolynomialFeatures";

  explicit PolynomialFeatures(const Attributes& self) : features_(self) {
    require(features_.known(), "n_features_in_ is missing");
    read_degree(self["degree"]);
    interaction_only_ = self.boolean("interaction_only", false);
    bias_ = self.boolean("include_bias", true);
    const std::string order = self.text("order", "C");
    require(order == "C" || order == "F", "order is neither 'C' nor 'F'");
    plan();
    if (const Value stored = self.get("n_output_features_"); !stored.is_none()) {
      require(stored.integer() == static_cast<std::int64_t>(outputs_),
              "n_output_features_ does not fit degree and n_features_in_");
    }
  }

  std::vector<Method> methods() const override { return {Method::transform}; }
  std::uint64_t work_per_row() const override { return full_; }

  void call(Method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    features_.check(x, type_name);
    if (x.is_float32())
      run<float>(x, out);
    else
      run<double>(x, out);
  }

 private:
  // y[to, to + count) = y[from, from + count) · x[feature]
  struct Step {
    std::size_t feature, from, to, count;
  };

  void read_degree(const Value& degree) {
    std::int64_t low = 0, high = 0;
    if (degree.is(Kind::tuple) || degree.is(Kind::list)) {
      require(degree.size() == 2, "degree must be a number or a pair");
      low = degree.item(0).integer();
      high = degree.item(1).integer();
    } else {
      high = degree.integer();
    }
    require(low >= 0 && low <= high && high <= 10'000, "degree is out of range");
    lowest_ = static_cast<std::size_t>(low);
    highest_ = static_cast<std::size_t>(high);
  }

  // Lays out the degrees one after the other; degree 0 is always there, at the front.
  void plan() {
    const std::size_t d = features_.count();
    std::uint64_t next = 1;
    starts_ = {0, 1};  // first column of each degree
    if (highest_ > 0) next += d;
    // Checked first: what follows allocates by the number of features.
    require(next <= most_columns && (highest_ < 2 || d < 16'384),
            "there are too many output features");
    if (highest_ < 2) return finish_plan(next);
    // Where the products of the last degree start that begin with column f.
    std::vector<std::size_t> begin(d + 1);
    for (std::size_t f = 0; f <= d; ++f) begin[f] = 1 + f;
    for (std::size_t degree = 2; degree <= highest_; ++degree) {
      starts_.push_back(static_cast<std::size_t>(next));
      std::vector<std::size_t> current(d + 1);
      const std::size_t end = begin[d];
      for (std::size_t f = 0; f < d; ++f) {
        current[f] = static_cast<std::size_t>(next);
        const std::size_t from = interaction_only_ ? begin[f + 1] : begin[f];
        if (end > from) {
          steps_.push_back({f, from, static_cast<std::size_t>(next), end - from});
          next += end - from;
        }
        require(next <= most_columns && steps_.size() <= most_columns,
                "there are too many output features");
      }
      current[d] = static_cast<std::size_t>(next);
      begin = std::move(current);
      // Degrees above the number of columns add nothing when no column may repeat.
      if (begin[0] == next) {
        for (++degree; degree <= highest_; ++degree)
          starts_.push_back(static_cast<std::size_t>(next));
      }
    }
    finish_plan(next);
  }

  void finish_plan(std::uint64_t next) {
    full_ = static_cast<std::size_t>(next);
    starts_.push_back(full_);
    first_ = lowest_ == 0 ? 1 : starts_[lowest_];
    outputs_ = full_ - first_ + (bias_ ? 1 : 0);
    binomials();
  }

  template <class T>
  void run(const Input& x, Output& out) const {
    if (x.is_csr()) return sparse<T>(x, out);
    const auto rows = finite_rows<T>(x, type_name);
    const std::size_t n = rows.rows(), d = rows.columns();
    T* y = out.array<T>({n, outputs_});
    // Degrees that are not asked for are computed beside the result.
    const bool whole = bias_ && first_ == 1;
    std::vector<T> scratch(whole ? 0 : full_);
    for (std::size_t i = 0; i < n; ++i, y += outputs_) {
      T* all = whole ? y : scratch.data();
      all[0] = T(1);
      const T* row = rows.row(i);
      if (highest_ > 0) std::copy_n(row, d, all + 1);
      for (const Step& step : steps_) {
        const T factor = row[step.feature];
        const T* from = all + step.from;
        T* to = all + step.to;
        for (std::size_t k = 0; k < step.count; ++k) to[k] = from[k] * factor;
      }
      if (whole) continue;
      if (bias_) y[0] = T(1);
      std::copy_n(all + first_, full_ - first_, y + (bias_ ? 1 : 0));
    }
  }

  // binomial_[k][n] = n choose k, at most most_columns + 1, for ranks of combinations.
  void binomials() {
    const std::size_t n = features_.count() + highest_;
    if (highest_ == 0 || n > 4'000'000 / (highest_ + 1)) return;
    binomial_.assign(highest_ + 1, std::vector<std::uint64_t>(n + 1, 0));
    for (std::size_t i = 0; i <= n; ++i) binomial_[0][i] = 1;
    for (std::size_t k = 1; k <= highest_; ++k)
      for (std::size_t i = 1; i <= n; ++i)
        binomial_[k][i] = std::min(binomial_[k][i - 1] + binomial_[k - 1][i - 1], 4 * most_columns);
  }

  // The place of columns c[0] ≤ c[1] ≤ … among all combinations of their number, in order.
  std::size_t rank(const std::vector<std::size_t>& c) const {
    const std::size_t k = c.size();
    const std::size_t n = features_.count() + (interaction_only_ ? 0 : k - 1);
    std::uint64_t after = 0;
    for (std::size_t j = 0; j < k; ++j) {
      const std::size_t shifted = c[j] + (interaction_only_ ? 0 : j);
      after += binomial_[k - j][n - 1 - shifted];
    }
    return static_cast<std::size_t>(binomial_[k][n] - 1 - after);
  }

  template <class T>
  void sparse(const Input& x, Output& out) const {
    const auto rows = finite_csr<T>(x, type_name);
    if (highest_ > 0 && binomial_.empty()) unsupported("the degree is too high for sparse input");
    std::vector<T> data;
    std::vector<std::int32_t> indices, indptr{0};
    std::vector<std::pair<std::size_t, T>> entries;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      entries.clear();
      for (auto k = rows.indptr()[i]; k < rows.indptr()[i + 1]; ++k)
        entries.emplace_back(static_cast<std::size_t>(rows.indices()[k]), rows.data()[k]);
      merge(entries);
      row<T>(entries, data, indices);
      if (data.size() >= (std::size_t{1} << 31)) bad_input("the result is too large");
      indptr.push_back(static_cast<std::int32_t>(data.size()));
    }
    const auto y = out.csr<T>(rows.rows(), outputs_, data.size());
    std::copy(data.begin(), data.end(), y.data);
    std::copy(indices.begin(), indices.end(), y.indices);
    std::copy(indptr.begin(), indptr.end(), y.indptr);
  }

  // Sorted by column, equal columns added up.
  template <class T>
  static void merge(std::vector<std::pair<std::size_t, T>>& entries) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::size_t kept = 0;
    for (std::size_t k = 0; k < entries.size(); ++k) {
      if (kept > 0 && entries[kept - 1].first == entries[k].first)
        entries[kept - 1].second += entries[k].second;
      else
        entries[kept++] = entries[k];
    }
    entries.resize(kept);
  }

  template <class T>
  void row(const std::vector<std::pair<std::size_t, T>>& entries, std::vector<T>& data,
           std::vector<std::int32_t>& indices) const {
    const std::size_t shift = bias_ ? 1 : 0;
    if (bias_) {
      data.push_back(T(1));
      indices.push_back(0);
    }
    const std::size_t count = entries.size();
    std::vector<std::size_t> pick, columns;
    for (std::size_t degree = std::max<std::size_t>(lowest_, 1); degree <= highest_; ++degree) {
      if (count == 0 || (interaction_only_ && degree > count)) break;
      pick.assign(degree, 0);
      for (std::size_t k = 0; interaction_only_ && k < degree; ++k) pick[k] = k;
      columns.resize(degree);
      while (true) {
        T value = entries[pick[degree - 1]].second;
        for (std::size_t k = degree - 1; k-- > 0;) value *= entries[pick[k]].second;
        for (std::size_t k = 0; k < degree; ++k) columns[k] = entries[pick[k]].first;
        const std::size_t column = starts_[degree] + rank(columns) - first_ + shift;
        data.push_back(value);
        indices.push_back(static_cast<std::int32_t>(column));
        // The next combination in order.
        std::size_t k = degree;
        while (k > 0 && pick[k - 1] == (interaction_only_ ? count - degree + k - 1 : count - 1)) {
          --k;
        }
        if (k == 0) break;
        ++pick[k - 1];
        for (std::size_t l = k; l < degree; ++l)
          pick[l] = pick[l - 1] + (interaction_only_ ? 1 : 0);
      }
    }
  }

  Features features_;
  std::size_t lowest_ = 0, highest_ = 2;
  bool interaction_only_ = false, bias_ = true;
  std::vector<Step> steps_;
  std::vector<std::size_t> starts_;
  std::size_t full_ = 1, first_ = 1, outputs_ = 1;
  std::vector<std::vector<std::uint64_t>> binomial_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(PolynomialFeatures)
