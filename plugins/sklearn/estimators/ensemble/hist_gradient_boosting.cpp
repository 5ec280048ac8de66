// sklearn.ensemble.HistGradientBoostingClassifier and HistGradientBoostingRegressor.
//
// Since 1.4, models with categorical features hold a `_preprocessor`: a ColumnTransformer that puts
// the categorical columns first, encoded by an OrdinalEncoder, and the numerical ones behind them.
#include <cmath>

#include "define.hpp"
#include "estimators/ensemble/boosting_responses.hpp"
#include "estimators/ensemble/histogram_forest.hpp"
#include "meta/columns.hpp"
#include "meta/responses.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

// What turns an input into the numbers that the trees see.
class Preparation {
 public:
  explicit Preparation(const Attributes& self) : features_(self) {
    const Value preprocessor = self.get("_preprocessor");
    if (preprocessor.is_none()) {
      if (const Value n = self.get("_n_features"); !n.is_none()) {
        require(n.integer() >= 0, "_n_features is negative");
        features_.assume(static_cast<std::size_t>(n.integer()));
      }
      require(features_.known(), "n_features_in_ is missing");
      return;
    }
    encodes_ = true;
    const Value positions = preprocessor["_transformer_to_input_indices"];
    categorical_ = columns(positions.find("encoder"));
    numerical_ = columns(positions.find("numerical"));
    require(features_.known() && categorical_.size() + numerical_.size() == features_.count(),
            "the columns of a _preprocessor are not all features");
    const Value transformers = preprocessor["transformers_"];
    for (std::size_t k = 0; k < transformers.size(); ++k) {
      const Value row = transformers.item(k);
      if (row.item(0).text() == "encoder" && !categorical_.empty()) {
        encoder_ = EstimatorRef(row.item(1));
      }
    }
    require(categorical_.empty() || encoder_.has(Method::transform),
            "a _preprocessor lacks its encoder");
  }

  std::size_t n_features() const { return features_.count(); }

  Matrix<double> operator()(const Input& x, const Options& options, std::string_view name) const {
    // NaN and infinity are values like others here.
    if (!encodes_) return features_.rows<double>(x, name, Finite::any);
    const auto order = match(x, name);
    const std::size_t n = x.rows(), d = features_.count();
    auto out = std::make_unique_for_overwrite<double[]>(n * d);
    if (!categorical_.empty()) {
      const meta::Columns part(x, chosen(categorical_, order), false);
      const auto codes = meta::respond(encoder_, Method::transform, part.input(), options);
      require(codes.columns == categorical_.size(), "an encoder gave another number of columns");
      copy(codes.values.data(), codes.columns, n, out.get(), d);
    }
    if (!numerical_.empty()) {
      const meta::Columns part(x, chosen(numerical_, order), false);
      const auto numbers = to_matrix<double>(part.input());
      for (std::size_t i = 0; i < n; ++i) {
        std::copy_n(numbers.row(i), numerical_.size(), out.get() + i * d + categorical_.size());
      }
    }
    return {std::move(out), n, d};
  }

 private:
  std::vector<std::size_t> columns(const Value& list) const {
    std::vector<std::size_t> out;
    if (!list) return out;
    for (const std::int64_t j : list.vector<std::int64_t>()) {
      require(j >= 0 && static_cast<std::size_t>(j) < features_.count(),
              "a column of a _preprocessor is out of range");
      out.push_back(static_cast<std::size_t>(j));
    }
    return out;
  }

  // Where each feature stands in the input.
  std::vector<std::size_t> match(const Input& x, std::string_view name) const {
    if (x.is_csr()) bad_input("Sparse data was passed, but dense data is required");
    std::vector<std::size_t> out(features_.count());
    const auto& names = features_.names();
    if (!x.is_table() || names.empty()) {
      features_.check(x, name);
      for (std::size_t j = 0; j < out.size(); ++j) out[j] = j;
      return out;
    }
    for (std::size_t j = 0; j < out.size(); ++j) {
      std::size_t k = j < x.columns() && x.column_name(j) == names[j] ? j : 0;
      while (k < x.columns() && x.column_name(k) != names[j]) ++k;
      if (k == x.columns()) bad_input("columns are missing: {'" + names[j] + "'}");
      out[j] = k;
    }
    return out;
  }

  static std::vector<std::size_t> chosen(const std::vector<std::size_t>& columns,
                                         const std::vector<std::size_t>& order) {
    std::vector<std::size_t> out;
    for (const std::size_t j : columns) out.push_back(order[j]);
    return out;
  }

  static void copy(const double* from, std::size_t width, std::size_t rows, double* to,
                   std::size_t stride) {
    for (std::size_t i = 0; i < rows; ++i) std::copy_n(from + i * width, width, to + i * stride);
  }

  Features features_;
  bool encodes_ = false;
  EstimatorRef encoder_;
  std::vector<std::size_t> categorical_, numerical_;
};

class HistGradientBoostingRegressor final : public Estimator {
 public:
  static constexpr std::string_view type_name = "HistGradientBoostingRegressor";

  explicit HistGradientBoostingRegressor(const Attributes& self)
      : preparation_(self), forest_(self, preparation_.n_features()) {
    require(forest_.targets() == 1, "a histogram regressor has one tree per iteration");
    const std::string loss = self["loss"].text();
    log_link_ = loss == "poisson" || loss == "gamma";
    if (!log_link_ && loss != "squared_error" && loss != "absolute_error" && loss != "quantile" &&
        loss != "least_squares" && loss != "least_absolute_deviation") {
      unsupported("the loss '" + loss + "'");
    }
  }

  std::vector<Method> methods() const override { return {Method::predict, Method::staged_predict}; }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const auto rows = preparation_(x, options, type_name);
    if (method == Method::predict) return write(forest_.sum(rows), out);
    out.begin_list();
    forest_.stages(rows, [&](const std::vector<double>& raw) { write(raw, out); });
    out.end();
  }

  std::uint64_t work_per_row() const override { return forest_.work(); }

 private:
  void write(const std::vector<double>& raw, Output& out) const {
    double* y = out.array<double>({raw.size()});
    for (std::size_t i = 0; i < raw.size(); ++i) y[i] = log_link_ ? std::exp(raw[i]) : raw[i];
  }

  Preparation preparation_;
  HistogramForest forest_;
  bool log_link_ = false;
};

class HistGradientBoostingClassifier final : public Estimator {
 public:
  static constexpr std::string_view type_name = "HistGradientBoostingClassifier";

  explicit HistGradientBoostingClassifier(const Attributes& self)
      : preparation_(self),
        forest_(self, preparation_.n_features()),
        responses_(Labels(self["classes_"]), forest_.targets()) {}

  std::vector<Method> methods() const override {
    return {Method::predict,        Method::predict_proba,        Method::decision_function,
            Method::staged_predict, Method::staged_predict_proba, Method::staged_decision_function};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    const auto rows = preparation_(x, options, type_name);
    const std::size_t n = rows.rows();
    if (const auto whole = BoostingResponses::unstaged(method)) {
      out.begin_list();
      forest_.stages(rows, [&](const std::vector<double>& raw) {
        responses_.write(*whole, raw.data(), n, out);
      });
      return out.end();
    }
    responses_.write(method, forest_.sum(rows).data(), n, out);
  }

  std::uint64_t work_per_row() const override { return forest_.work(); }

 private:
  Preparation preparation_;
  HistogramForest forest_;
  BoostingResponses responses_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(HistGradientBoostingRegressor)
SKOPS_DEFINE(HistGradientBoostingClassifier)
