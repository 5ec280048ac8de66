// predict of linear regressors: X coef_ᵀ + intercept_, of shape (rows,) for a vector of
// coefficients and (rows, targets) for a matrix; dense and CSR input.
#pragma once

#include <string_view>
#include <vector>

#include "define.hpp"
#include "estimators/linear_model/linear_function.hpp"

namespace skops_sklearn {

class LinearRegressorBase : public skops::sdk::Estimator {
 public:
  std::vector<skops::sdk::Method> methods() const override { return {skops::sdk::Method::predict}; }
  void call(skops::sdk::Method, const skops::sdk::Input& x, const skops::sdk::Options&,
            skops::sdk::Output& out) const override;
  std::uint64_t work_per_row() const override { return function_.inputs() * function_.outputs(); }
  void save(skops::sdk::ObjectWriter& self) const override { features_.save(self); }

 protected:
  LinearRegressorBase(const skops::sdk::Attributes& self, std::string_view name);

 private:
  std::string_view name_;
  skops::sdk::Features features_;
  LinearFunction function_;
  bool one_dimensional_ = false;
};

// One class of scikit-learn: `Name` has `static constexpr std::string_view name`.
template <class Name>
class LinearRegressor final : public LinearRegressorBase {
 public:
  static constexpr std::string_view type_name = Name::name;
  explicit LinearRegressor(const skops::sdk::Attributes& self)
      : LinearRegressorBase(self, type_name) {}
};

}  // namespace skops_sklearn
