// Loading Python objects: open, audit, approve, build.
#pragma once

#include <string>
#include <vector>

#include "python.hpp"
#include "skops/host.hpp"
#include "skops/policy.hpp"
#include "trust/known_names.hpp"

namespace skops_python {

// The root object of the file. Throws skops::Error (untrusted for names that nobody has approved)
// or PythonError. `progress`
// is a callback or None (watch.hpp). Null where the file holds what no manifest of the host
// declares, unless this host is the `last` to be asked. `known`, which may be null, remembers for
// this host the names that `policy` allows: `policy` may hold more rules, but none that denies
// more.
Ref load_objects(const skops::Host& host, const skops::File& file, const skops::Policy& policy,
                 PyObject* progress, bool last = false, const skops::KnownNames* known = nullptr);

}  // namespace skops_python
