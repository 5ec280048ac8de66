// A small file read at once. Mapping one costs more than reading it, and a file that has been read
// cannot be changed by others while it is being loaded.
#pragma once

#include "python.hpp"

namespace skops_python {

// The bytes of a regular file of at most 1 MiB; null where it is none or cannot be read, which
// whoever opens it otherwise reports. Throws PythonError only where there is no memory.
Ref read_small_file(const char* path);

}  // namespace skops_python
