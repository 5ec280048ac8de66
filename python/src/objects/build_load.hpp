// Loading Python objects: open, audit, approve, build.
#pragma once

#include <string>
#include <vector>

#include "python.hpp"
#include "skops/host.hpp"
#include "skops/policy.hpp"

namespace skops_python {

// The root object of the file. Throws skops::Error (untrusted for names that nobody has approved)
// or PythonError. `progress`
// is a callback or None (watch.hpp). Null where the file holds what no manifest of the host declares,
// unless this host is the `last` to be asked.
Ref load_objects(const skops::Host& host, const skops::File& file, const skops::Policy& policy,
                 PyObject* progress, bool last = false);

}  // namespace skops_python
