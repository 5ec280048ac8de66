// RandomStateNode and RandomGeneratorNode: their contents are checked, whoever builds them, because
// NumPy's generators index by them unchecked. Natively they stay data: no method needs one.
#pragma once

#include "skops/sdk/serializer.hpp"

namespace skops_numpy {

// MT19937: 624 words that are not all zero, position 0..624.
void load_random_state(const skops::sdk::Node& node, skops_value* value);
void load_random_generator(const skops::sdk::Node& node, skops_value* value);

}  // namespace skops_numpy
