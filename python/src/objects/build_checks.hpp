// What a library's hooks have to say of an object that has been built.
//
// A manifest lists classes under "checks"; the module with the library's hooks has a function for
// each, which refuses what compiled code would trust. Which function looks at the objects of a
// class is found once for each host, since hosts of one process know different plugins: it goes by
// the class and its bases, so that no subclass escapes.
#pragma once

#include <span>
#include <string>

#include "manifest/manifest.hpp"
#include "python.hpp"

namespace skops_python {

// The module with a library's hooks: the one that its manifest names, or
// libskops.io.hooks.<library>.
std::string hooks_of(const skops::Manifest& manifest);

// The entry of HOOKS or CHECKS of that module. Throws skops::Error (plugin, "plugin.hook") where
// there is none, or what the import raises.
Ref hook_entry(const std::string& hooks, const char* table, const std::string& key);

// A tuple of functions, or null where nothing is to be checked. `manifests` are those of a host,
// which are never freed. Throws PythonError.
Ref checks_of(PyTypeObject* type, std::span<const skops::Manifest> manifests);

}  // namespace skops_python
