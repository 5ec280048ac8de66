#include "trust/actual_names.hpp"

#include <algorithm>

#include "skops/error.hpp"
#include "trust/refused_names.hpp"

namespace skops {

ActualNames::ActualNames(std::span<const Manifest> manifests, const Policy& policy)
    : manifests_(manifests), policy_(policy) {
  denies_ = std::any_of(policy.rules().begin(), policy.rules().end(),
                        [](const Rule& rule) { return rule.effect == Rule::Effect::deny; });
}

bool ActualNames::lifted(std::string_view name) const {
  const auto& all = policy_.lifted();
  return std::find(all.begin(), all.end(), name) != all.end();
}

std::string ActualNames::why_not(std::string_view audited, std::string_view module,
                                 std::string_view cls) {
  const std::string actual = std::string(module) + '.' + std::string(cls);
  if (actual == audited) return {};
  std::string_view reason = refused_reason(actual);
  if (reason.empty()) reason = refused_unless_seen(actual);
  if (!reason.empty() && !lifted(audited) && !lifted(actual)) {
    return printable(actual) + ", which is always refused: " + std::string(reason);
  }
  if (!denies_) return {};
  if (!decider_) decider_.emplace(manifests_, policy_);
  const Rule* rule = decider_->denies(module, cls);
  if (rule == nullptr) return {};
  return printable(actual) + ", which is denied: " + stated(*rule);
}

}  // namespace skops
