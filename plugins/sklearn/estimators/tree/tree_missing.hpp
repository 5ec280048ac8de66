// Whether a fitted tree takes missing values (NaN) in a dense input, as each release decides:
//
//   before 1.3   never
//   1.3          trees of the best splitter and a criterion that can place them
//   1.4          no longer with monotonic constraints; forests too
//   1.6          random splitters too
//   1.9          every criterion
#pragma once

#include "define.hpp"

namespace skops_sklearn {

// `tree` is a decision tree's state; `in_forest`: whether a forest asks.
bool takes_missing(const skops::sdk::Attributes& tree, bool in_forest);

}  // namespace skops_sklearn
