#include "estimators/linear_model/linear_regressor.hpp"

namespace skops_sklearn {

using namespace skops::sdk;

LinearRegressorBase::LinearRegressorBase(const Attributes& self, std::string_view name)
    : name_(name), features_(self) {
  const StoredMatrix coef = read_matrix(self["coef_"], "coef_");
  features_.assume(coef.columns);
  one_dimensional_ = coef.one_dimensional;
  function_ = LinearFunction(coef, read_vector(self["intercept_"], coef.rows, "intercept_"));
}

void LinearRegressorBase::call(Method, const Input& x, const Options& options, Output& out) const {
  options.only({});
  features_.check(x, name_);
  const auto run = [&]<class T>(T) {
    const std::size_t n = x.rows();
    T* y = one_dimensional_ ? out.array<T>({n}) : out.array<T>({n, function_.outputs()});
    function_.apply(x, name_, y);
  };
  if (function_.single(x))
    run(float{});
  else
    run(double{});
}

}  // namespace skops_sklearn
