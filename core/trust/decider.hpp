// Decides about one name: rules, manifests and standing refusals, in the order that makes deny beat
// allow. Holds no state of a file.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "manifest/manifest.hpp"
#include "skops/audit.hpp"
#include "skops/policy.hpp"

namespace skops {

class Decider {
 public:
  // Both must outlive it.
  Decider(std::span<const Manifest> manifests, const Policy& policy);

  // Fills decision, rule, library, native and refuses_native of a name whose module, cls, use and
  // loader are set. `entry` is the loader's declaration, null for an unknown loader. `brought`
  // names are no node's class: a method's class has a dot, and no serializer belongs to them.
  void decide(AuditedName& name, const LoaderEntry* entry, bool brought) const;

  // Library rules whose library no manifest has.
  std::vector<const Rule*> unknown_libraries() const;

 private:
  const Rule* deny_rule(const AuditedName& name) const;
  const Rule* allow_rule(const AuditedName& name) const;
  const Manifest* manifest(std::string_view id) const;
  bool has_serializer(const AuditedName& name, bool& opted_in) const;

  std::span<const Manifest> manifests_;
  const Policy& policy_;
  std::unordered_map<std::string_view, const Rule*> exact_[2];  // by Rule::Effect
  std::vector<const Rule*> wide_[2];
};

}  // namespace skops
