// sklearn.linear_model.SGDRegressor: coef_ is a vector, intercept_ has one element.
#include "estimators/linear_model/linear_regressor.hpp"

namespace skops_sklearn {
namespace {

struct SGDRegressorName {
  static constexpr std::string_view name = "SGDRegressor";
};
using SGDRegressor = LinearRegressor<SGDRegressorName>;

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(SGDRegressor)
