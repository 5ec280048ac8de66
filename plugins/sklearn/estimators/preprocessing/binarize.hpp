// sklearn.preprocessing.binarize: 1 where a value is above the threshold, 0 elsewhere. What
// Binarizer does, and BernoulliNB to its input.
//
// The dtype stays; objects become float64. CSR stays CSR and keeps the ones only, so its threshold
// must not be negative. Like NumPy, float32 is compared with the threshold rounded to float32.
#pragma once

#include <string_view>

#include "skops/sdk/input.hpp"
#include "skops/sdk/output.hpp"

namespace skops_sklearn {

// For an input whose columns have been counted; refuses NaN and infinity.
void binarize(const skops::sdk::Input& x, double threshold, std::string_view estimator,
              skops::sdk::Output& out);

}  // namespace skops_sklearn
