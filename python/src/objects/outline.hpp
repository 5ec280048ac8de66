// A file as lines for `libskops.io.visualize`: every node under the name that released skops gives
// it there, with what the audit says of it and of all that is below it. A pass over the node graph:
// nothing is built, nothing imported, no array read (of bytes, the first few and the last).
//
// An object that other objects share is shown below each of them, as skops does, up to a size
// that is linear in the file; beyond it, and where objects contain themselves, only the
// object's own line is.
//
// The list has a tuple (level, key, value, is_self_safe, is_safe, is_last) a line: the key as
// "attrs", "coef_", "content", "root" on top; the value as "sklearn.svm._classes.SVC",
// "json-type(1.5)", "b'abc'".
#pragma once

#include "python.hpp"
#include "skops/file.hpp"
#include "skops/host.hpp"
#include "skops/policy.hpp"

namespace skops_python {

// Throws skops::Error for files that cannot be read. The GIL is held.
Ref outline(const skops::Host& host, const skops::File& file, const skops::Policy& policy);

}  // namespace skops_python
