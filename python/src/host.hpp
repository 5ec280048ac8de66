// The host of this process: the plugins that came with the package.
#pragma once

#include "skops/host.hpp"

namespace skops_python {

const skops::Host& host();

}  // namespace skops_python
