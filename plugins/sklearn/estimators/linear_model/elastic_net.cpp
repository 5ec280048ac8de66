// sklearn.linear_model.ElasticNet: one or several targets.
#include "estimators/linear_model/linear_regressor.hpp"

namespace skops_sklearn {
namespace {

struct ElasticNetName {
  static constexpr std::string_view name = "ElasticNet";
};
using ElasticNet = LinearRegressor<ElasticNetName>;

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(ElasticNet)
