// What the manifests say of a name besides whether it is trusted: whose its loader is, what
// building it does, whether its contents are checked; and which rule would allow it.
#pragma once

#include <span>

#include "manifest/manifest.hpp"
#include "skops/audit.hpp"

namespace skops {

struct Described {
  const LoaderEntry* entry = nullptr;
  const Manifest* manifest = nullptr;
};

// The declaration that a layout was made from; nulls where no manifest has it.
Described describe(const LoaderLayout& layout, std::span<const Manifest> manifests);

bool contents_checked(const AuditedName& name, std::span<const Manifest> manifests);

// Fills what is told about a name that has been decided: loader_plugin, effect, contents_checked,
// allow and cannot_allow. `brought` is how the node brings the name in; null for its own class.
void complete(AuditedName& name, const Described& loader, const BroughtName* brought,
              std::span<const Manifest> manifests);

}  // namespace skops
