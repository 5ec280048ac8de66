// sklearn.linear_model.Lasso: sparse_coef_ is derived from coef_ and never stored.
#include "estimators/linear_model/linear_regressor.hpp"

namespace skops_sklearn {
namespace {

struct LassoName {
  static constexpr std::string_view name = "Lasso";
};
using Lasso = LinearRegressor<LassoName>;

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(Lasso)
