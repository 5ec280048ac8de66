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
#include "trust/describe.hpp"

namespace skops {

// How a rule is shown with where it stands: "trust xgboost >=2,<4 (policy.json:3)".
std::string stated(const Rule& rule);
// The releases that a manifest describes: "the releases 1.0.2 to 1.9.1", "the release 3.2.0", or
// empty.
std::string releases_of(const Manifest& manifest);
// Whether a library's rule counts for its manifest: its range of releases says.
bool counts(const Rule& rule, const Manifest& library);
// Whether a rule trusts the manifest's library.
bool trusts_library(const Policy& policy, const Manifest& library);
// Whether the one who loads takes what this manifest says as it is said: it was pinned so, or its
// library is trusted.
inline bool opted_in(const Policy& policy, const Manifest& library) {
  return library.proposals_accepted || trusts_library(policy, library);
}
// Whether a name lies below a prefix, at a dot.
bool below(std::string_view name, std::string_view prefix);

class Decider {
 public:
  // Both must outlive it.
  Decider(std::span<const Manifest> manifests, const Policy& policy);

  // Fills decision, rule, library, native and refuses_native of a name whose module, cls, use and
  // loader are set. `loader` is the loader's declaration, nulls for an unknown loader. `brought`
  // names are no node's class: a method's class has a dot, and no serializer belongs to them.
  void decide(AuditedName& name, const Described& loader, bool brought) const;

  // The rule that denies a name, whatever it is used for; null where none does.
  const Rule* denies(std::string_view module, std::string_view cls) const;

  // Library rules whose library no manifest has.
  std::vector<const Rule*> unknown_libraries() const;

  // A rule with a range of releases that does not count for the library's manifest.
  struct Idle {
    const Rule* rule;
    const Manifest* library;
  };
  const std::vector<Idle>& idle() const { return idle_; }

 private:
  struct OfLibrary {
    const Rule* rule;
    const Manifest* library;
  };
  void add_library_rule(const Rule& rule);
  const Rule* prefix_rule(std::size_t effect, std::string_view name) const;
  const Rule* allow_rule(const AuditedName& name) const;
  std::string why_not_opted_in(const Manifest& manifest) const;
  const Manifest* manifest(std::string_view id) const;
  bool has_serializer(const AuditedName& name, bool& opted_in) const;

  std::span<const Manifest> manifests_;
  const Policy& policy_;
  // By Rule::Effect, and so that a decision costs the same however many rules there are: the first
  // rule of each name, prefix and manifest.
  std::unordered_map<std::string_view, const Rule*> exact_[2], prefix_[2];
  std::vector<OfLibrary> library_[2];
  std::vector<Idle> idle_;
};

}  // namespace skops
