#include "trust/describe.hpp"

#include <algorithm>

namespace skops {

Described describe(const LoaderLayout& layout, std::span<const Manifest> manifests) {
  for (const Manifest& manifest : manifests) {
    for (const LoaderEntry& entry : manifest.loaders) {
      const LoaderLayout& known = entry.layout;
      if (known.loader == layout.loader && known.first_protocol == layout.first_protocol &&
          known.selector == layout.selector && known.value == layout.value) {
        return {&entry, &manifest};
      }
    }
  }
  return {};
}

bool contents_checked(const AuditedName& name, std::span<const Manifest> manifests) {
  return !name.use.empty() &&
         std::any_of(manifests.begin(), manifests.end(), [&](const Manifest& manifest) {
           return manifest.contents_checked(name.module, name.cls, name.use);
         });
}

}  // namespace skops
