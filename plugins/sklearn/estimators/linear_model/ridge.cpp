// sklearn.linear_model.Ridge: one or several targets.
#include "estimators/linear_model/linear_regressor.hpp"

namespace skops_sklearn {
namespace {

struct RidgeName {
  static constexpr std::string_view name = "Ridge";
};
using Ridge = LinearRegressor<RidgeName>;

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(Ridge)
