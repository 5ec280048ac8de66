// Questions about trust that need no file, or several: what decides about a name, which rules a
// policy has in effect, which rules some files need. The command `libskops trust` asks them.
//
// Everything here reads manifests only; no plugin code runs and no file is opened.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "skops/audit.hpp"
#include "skops/host.hpp"
#include "skops/policy.hpp"

namespace skops {

// What the policy says of `module.Class`: a row for each use that a manifest declares it for (as an
// object, a type, a function, ...), and one with an empty use for all others. Throws skops::Error
// (usage) for what is no name.
std::vector<AuditedName> explain_name(const Host& host, std::string_view name,
                                      const Policy& policy);

// Why a name stays refused whatever the rules say, or an empty text. Only Policy::trust_refused
// lifts it.
std::string standing_refusal(std::string_view name);

// A library that a plugin of the host describes.
struct Library {
  std::string id, version;                  // of the plugin
  std::string first_release, last_release;  // of the Python library; empty where nobody says
  std::size_t by_default = 0, opt_in = 0;   // names that need no rule, and that need one

  // "the releases 1.0.2 to 1.9.1", "the release 3.2.0", or empty.
  std::string releases() const;
};
std::vector<Library> libraries(const Host& host);

struct EffectiveRule {
  Rule rule;
  // Why it changes nothing: another rule that covers it, a standing refusal, a range of releases
  // that does not fit, a library that no plugin describes. Empty where it is in effect.
  std::string shadowed;
};
// As they stand in the policy.
std::vector<EffectiveRule> effective_rules(const Host& host, const Policy& policy);

struct Suggestion {
  Rule rule;
  std::vector<AuditedName> names;  // what it would allow of the files
};
struct Suggestions {
  // A rule a name, or one for a library where its manifest declares all that the files hold of it,
  // and there are several. Never a prefix, and never what stays refused.
  std::vector<Suggestion> rules;
  std::vector<AuditedName> refused;  // what no rule can allow, or a rule denies
};
Suggestions suggest_rules(const Host& host, std::span<const Audit> audits);

}  // namespace skops
