// NdArrayNode: arrays and scalars (`type` numpy: an NPY member) and object arrays (`type` json).
//
// Arrays stay where they are in the member; only those of the other byte order are copied. Object
// arrays become cells: numbers, texts, None; other objects are kept as "other".
#pragma once

#include "skops/sdk/serializer.hpp"

namespace skops_numpy {

void load_ndarray(const skops::sdk::Node& node, skops_value* value);

}  // namespace skops_numpy
