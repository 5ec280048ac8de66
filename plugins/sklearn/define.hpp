// Ties the C++ class of an estimator to its row of table.inc: `SKOPS_DEFINE(MaxAbsScaler)` at the
// end of its file, outside any anonymous namespace.
#pragma once

#include "skops/sdk/features.hpp"
#include "skops/sdk/labels.hpp"
#include "skops/sdk/serializer.hpp"

// Another C++ class under the name of the table's row, for classes that share an implementation.
#define SKOPS_DEFINE_AS(NAME, CLASS)                                                        \
  namespace skops_sklearn {                                                                 \
  skops_status load_##NAME(const skops_host* host, skops_context* context, skops_node node, \
                           skops_value* value) {                                            \
    return skops::sdk::load_estimator<CLASS>(host, context, node, value);                   \
  }                                                                                         \
  }
#define SKOPS_DEFINE(NAME) SKOPS_DEFINE_AS(NAME, NAME)
