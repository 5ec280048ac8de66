// The name that an object has of itself, where a file names it by another one.
//
// A module holds what it imports: `mycompany.models.Popen` may be subprocess.Popen, and a rule for
// `mycompany.*` would allow it. A text does not show that; who has made an object of a name asks
// here before using it. What stays refused, and what a rule denies, is so under any name.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "manifest/manifest.hpp"
#include "skops/policy.hpp"
#include "trust/decider.hpp"

namespace skops {

class ActualNames {
 public:
  // Both must outlive it.
  ActualNames(std::span<const Manifest> manifests, const Policy& policy);

  // What the object is, and why that must not be built, which calls itself `cls` of `module` and
  // which the file names `audited` (module.Class, allowed by the audit): "posix.system, which is
  // always refused: …". Empty where it may be built.
  std::string why_not(std::string_view audited, std::string_view module, std::string_view cls);

  // Whether it depends on the policy, and not only on the standing list.
  bool denies() const { return denies_; }

 private:
  bool lifted(std::string_view name) const;

  std::span<const Manifest> manifests_;
  const Policy& policy_;
  bool denies_ = false;
  std::optional<Decider> decider_;  // made when first needed: most policies deny nothing
};

}  // namespace skops
