// The file of an object that was made in C++: described as a draft, loaded as a stranger's file is,
// and saved by the serializers of what was loaded, which add what is missing.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "plugin/registry.hpp"
#include "skops/make.hpp"
#include "skops/policy.hpp"

namespace skops {

std::vector<std::byte> made_file(const Part& object,
                                 const std::shared_ptr<const PluginRegistry>& plugins,
                                 const Policy& policy, const SaveOptions& options);

// A native load of the bytes of a file, which it keeps.
std::shared_ptr<LoadedGraph> load_bytes(std::vector<std::byte> bytes,
                                        const std::shared_ptr<const PluginRegistry>& plugins,
                                        const Policy& policy);

}  // namespace skops
