// sklearn.preprocessing.StandardScaler: (X - mean_) / scale_.
#include "define.hpp"
#include "estimators/preprocessing/column_scaling.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class StandardScaler final : public Estimator {
 public:
  static constexpr std::string_view type_name = "StandardScaler";

  explicit StandardScaler(const Attributes& self) : features_(self) {
    const bool shifts = self.boolean("with_mean", true), scales = self.boolean("with_std", true);
    auto shift = feature_vector(self, "mean_", features_);
    auto scale = feature_vector(self, "scale_", features_);
    require(!shifts || !shift.empty(), "mean_ is missing");
    require(!scales || !scale.empty(), "scale_ is missing");
    if (!shifts) shift.clear();
    if (!scales) scale.clear();
    scaling_ = ColumnScaling(std::move(shift), std::move(scale));
  }

  std::vector<Method> methods() const override {
    return {Method::transform, Method::inverse_transform};
  }

  void call(Method method, const Input& x, const Options& options, Output& out) const override {
    options.only({});
    if (method == Method::transform)
      features_.check(x, type_name);
    else
      check_width(x, features_.count(), type_name, true);
    if (x.is_csr() && scaling_.shifts()) {
      bad_input("Cannot center sparse matrices: pass `with_mean=False` instead");
    }
    using Order = ColumnScaling::Order;
    scaling_.apply(method == Method::transform ? Order::divide : Order::multiply, x, type_name, out);
  }

 private:
  Features features_;
  ColumnScaling scaling_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(StandardScaler)
