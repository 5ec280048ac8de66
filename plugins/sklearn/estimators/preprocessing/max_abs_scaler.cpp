// sklearn.preprocessing.MaxAbsScaler: X / scale_, sparse matrices stay sparse; kept within -1 and 1
// if clip (since 1.9).
#include <algorithm>

#include "define.hpp"
#include "estimators/preprocessing/column_scaling.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class MaxAbsScaler final : public Estimator {
 public:
  static constexpr std::string_view type_name = "MaxAbsScaler";

  explicit MaxAbsScaler(const Attributes& self)
      : features_(self), clip_(self.boolean("clip", false)) {
    auto scale = feature_vector(self, "scale_", features_);
    require(!scale.empty(), "scale_ is missing");
    scaling_ = ColumnScaling({}, std::move(scale));
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    using Order = ColumnScaling::Order;
    if (method == Method::inverse_transform) {
      check_width(x, features_.count(), type_name, true);
      return scaling_.apply(Order::multiply, x, type_name, out);
    }
    features_.check(x, type_name);
    scaling_.apply(Order::divide, x, type_name, out, [&]<class T>(T* values, std::size_t n) {
      for (std::size_t k = 0; clip_ && k < n; ++k) values[k] = std::clamp(values[k], T(-1), T(1));
    });
  }

 private:
  Features features_;
  ColumnScaling scaling_;
  bool clip_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(MaxAbsScaler)
