// Ties the C++ class of an estimator to its row of table.inc: `SKOPS_DEFINE(MaxAbsScaler)` at the
// end of its file, outside any anonymous namespace.
#pragma once

#include "parameters.hpp"
#include "skops/sdk/features.hpp"
#include "skops/sdk/labels.hpp"
#include "skops/sdk/serializer.hpp"

// The way back: the class's own `save`, then the parameters.
#define SKOPS_DEFINE_SAVE(NAME, CLASS)                                         \
  namespace skops_sklearn {                                                    \
  skops_status save_##NAME(const skops_writer* writer, skops_context* context, \
                           const skops_object* object, skops_node* node) {     \
    return skops::sdk::save_estimator_with<CLASS>(                             \
        writer, context, object, node,                                         \
        [](skops::sdk::ObjectWriter& self) { add_parameters(self, #NAME); });  \
  }                                                                            \
  }

// Another C++ class under the name of the table's row, for classes that share an implementation.
#define SKOPS_DEFINE_AS(NAME, CLASS)                                                        \
  namespace skops_sklearn {                                                                 \
  skops_status load_##NAME(const skops_host* host, skops_context* context, skops_node node, \
                           skops_value* value) {                                            \
    return skops::sdk::load_estimator<CLASS>(host, context, node, value);                   \
  }                                                                                         \
  }                                                                                         \
  SKOPS_DEFINE_SAVE(NAME, CLASS)
#define SKOPS_DEFINE(NAME) SKOPS_DEFINE_AS(NAME, NAME)
