// The host of this process: the plugins that came with the package, and those that the lock files
// of the user and of the system pin, read once when a file first needs a plugin. What other
// packages bring is found_plugins.hpp's.
#pragma once

#include "skops/host.hpp"

namespace skops_python {

const skops::Host& host();
// What it was made with.
skops::Host::Options host_options();

}  // namespace skops_python
