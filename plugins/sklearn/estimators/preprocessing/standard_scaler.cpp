// sklearn.preprocessing.StandardScaler: (X - mean_) / scale_.
#include "define.hpp"
#include "estimators/preprocessing/column_scaling.hpp"

namespace skops_sklearn {
namespace {

using namespace skops::sdk;

class StandardScaler final : public Estimator {
 public:
  static constexpr std::string_view type_name = "StandardScaler";

  explicit StandardScaler(const Attributes& self)
      : features_(self),
        scaling_(centered_scaling(self, features_, "with_mean", "mean_", "with_std")) {}

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
    scaling_.apply(method == Method::transform ? Order::divide : Order::multiply, x, type_name,
                   out);
  }
  void save(ObjectWriter& self) const override { features_.save(self); }

 private:
  Features features_;
  ColumnScaling scaling_;
};

}  // namespace
}  // namespace skops_sklearn

SKOPS_DEFINE(StandardScaler)
