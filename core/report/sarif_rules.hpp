// The kinds of results that an audit has in SARIF, with their help. Ids are those of the errors
// that a load of the file would report, where there is one; they stay the same from release to
// release.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "skops/audit.hpp"

namespace skops {

struct SarifRule {
  std::string_view id, name;  // `name` in PascalCase, as SARIF asks for
  std::string_view level;     // "error", "warning" or "note"
  std::string_view severity;  // 0.0 to 10.0: how code scanning sorts it
  std::string_view brief, full, help;
};

std::span<const SarifRule> sarif_rules();
// The number of the rule with this id; that of "audit.finding" for an id that none has.
std::size_t sarif_rule(std::string_view id);
// The rule for a name that is not allowed. Null where a finding says it already.
std::string_view sarif_rule_of(const AuditedName& name);

}  // namespace skops
