// Which random graphs robustness.random makes, and how many of them each serializer gets.
#pragma once

#include <cstdint>

namespace skops_validator {

struct Random {
  std::uint32_t seed = 1, graphs = 150;
};

}  // namespace skops_validator
