// What an estimator answers whatever it is asked: sklearn.dummy's models, and what gradient
// boosting starts from.
#pragma once

#include <vector>

#include "define.hpp"

namespace skops_sklearn {

// The probabilities of all classes, or the number, that a DummyClassifier or DummyRegressor of this
// plugin gives for every row; null for any other object.
const std::vector<double>* constant_response(const skops::sdk::EstimatorRef& estimator);

}  // namespace skops_sklearn
