// A file as lines for `libskops.io.visualize`: every node under the name that released skops gives
// it there, with what the audit says of it and of all that is below it. A pass over the node graph:
// nothing is built, nothing imported, no array read (of bytes, the first few and the last).
//
// An object that other objects share is shown below each of them, as skops does, up to a number of
// lines that is linear in the file; beyond it, and where objects contain themselves, only the
// object's own line is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "skops/file.hpp"
#include "skops/host.hpp"
#include "skops/policy.hpp"

namespace skops_python {

struct OutlineLine {
  std::uint32_t level = 0;
  std::string key;    // "attrs", "coef_", "content"; "root" on top
  std::string value;  // "sklearn.svm._classes.SVC", "json-type(1.5)", "b'abc'"
  bool is_self_safe = false, is_safe = false;
  bool is_last = false;  // of its siblings
};

// The GIL is held: Python says how bytes look.
std::vector<OutlineLine> outline(const skops::Host& host, const skops::File& file,
                                 const skops::Policy& policy);

}  // namespace skops_python
