// dump and dumps: an object taken apart, then written as an archive.
#pragma once

#include "python.hpp"

namespace skops_python {

// Adds `dump(object, path, compression, level, progress)` and `dumps(…)` to the module.
void add_dump(nanobind::module_& module);

}  // namespace skops_python
