// Projections onto stored components and back: what PCA and TruncatedSVD share.
#pragma once

#include <string_view>

#include "estimators/linear_model/linear_function.hpp"
#include "estimators/shared/check_width.hpp"
#include "skops/sdk/output.hpp"

namespace skops_sklearn {

// Writes function(x), (rows × outputs), in float32 or float64.
inline void project(const LinearFunction& function, const skops::sdk::Input& x,
                    std::string_view estimator, bool single, skops::sdk::Output& out) {
  if (single)
    function.apply(x, estimator, out.array<float>({x.rows(), function.outputs()}));
  else
    function.apply(x, estimator, out.array<double>({x.rows(), function.outputs()}));
}

}  // namespace skops_sklearn
