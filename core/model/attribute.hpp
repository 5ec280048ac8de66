// Reading values as plain data, for Model::attribute.
#pragma once

#include "model/loaded_graph.hpp"
#include "skops/model.hpp"

namespace skops {

// A copy of everything below `value`; objects become their names. Throws (limit) where aliases
// expand to more than Limits::json_values / 16 parts or nest deeper than Limits::json_depth.
Value read_value(LoadedGraph& graph, ValueStore::Handle value);

}  // namespace skops
