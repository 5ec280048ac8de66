// What a library's hooks have to say of an object that has been built.
//
// A manifest lists classes under "checks"; libskops.io.hooks.<library> has a function for each,
// which refuses what compiled code would trust. Which function looks at the objects of a class is
// found once in a process: it goes by the class and its bases, so that no subclass escapes.
#pragma once

#include <span>

#include "manifest/manifest.hpp"
#include "python.hpp"

namespace skops_python {

// A tuple of functions, or null where nothing is to be checked. Throws PythonError.
Ref checks_of(PyTypeObject* type, std::span<const skops::Manifest> manifests);

}  // namespace skops_python
