// Whose a loader is, and what the manifests say of a name's contents.
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

}  // namespace skops
