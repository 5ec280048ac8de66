// sklearn.linear_model.LinearRegression: one or several targets; intercept_ is 0.0 without one.
#include "estimators/linear_model/linear_regressor.hpp"

namespace skops_sklearn {
namespace {

struct LinearRegressionName {
  static constexpr std::string_view name = "LinearRegression";
};
using LinearRegression = LinearRegressor<LinearRegressionName>;

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(LinearRegression)
