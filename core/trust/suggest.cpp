#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "plugin/registry.hpp"
#include "skops/trust.hpp"

namespace skops {
namespace {

std::string_view package_of(std::string_view module) {
  return module.substr(0, module.find('.'));
}

// The rule that allows just this name, if one can.
std::optional<Rule> rule_for(const AuditedName& name) {
  if (name.decision != Decision::undecided || !name.cannot_allow.empty() ||
      name.name.find('<') != std::string::npos) {  // a function without a name
    return std::nullopt;
  }
  return make_rule(Rule::Effect::allow, name.name, "suggested");
}

struct Candidates {
  std::map<std::string, std::vector<AuditedName>> by_name;
  // Libraries that declare all that the files hold of their packages, with the names they allow.
  std::map<std::string, std::set<std::string>> by_library;
};

}  // namespace

Suggestions suggest_rules(const Host& host, std::span<const Audit> audits) {
  Suggestions out;
  Candidates found;
  std::set<std::string> refused;
  std::set<std::tuple<std::string, std::string, std::string>> seen;
  for (const Audit& audit : audits) {
    for (const AuditedName& name : audit.names()) {
      if (name.decision == Decision::allowed) continue;
      if (!seen.emplace(name.module, name.cls, name.use).second) continue;
      if (rule_for(name)) {
        found.by_name[name.name].push_back(name);
      } else if (refused.insert(name.name).second) {
        out.refused.push_back(name);
      }
    }
  }
  // A name that is refused for one use needs no rule for another: the files cannot be loaded.
  for (const std::string& name : refused) found.by_name.erase(name);

  for (const Manifest& manifest : host.registry()->manifests()) {
    std::set<std::string> allows;
    std::set<std::string_view> packages;
    for (const auto& [text, rows] : found.by_name) {
      const bool all = std::all_of(rows.begin(), rows.end(), [&](const AuditedName& row) {
        return !row.use.empty() && manifest.declares(row.module, row.cls, row.use).has_value();
      });
      if (!all) continue;
      allows.insert(text);
      packages.insert(package_of(rows.front().module));
    }
    const bool whole =
        std::all_of(found.by_name.begin(), found.by_name.end(), [&](const auto& entry) {
          return !packages.contains(package_of(entry.second.front().module)) ||
                 allows.contains(entry.first);
        });
    if (allows.size() > 1 && whole) found.by_library[manifest.id] = std::move(allows);
  }

  // The library that allows most comes first, until none replaces two names any more.
  while (!found.by_library.empty()) {
    const auto most = std::max_element(
        found.by_library.begin(), found.by_library.end(),
        [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    if (most->second.size() < 2) break;
    Suggestion suggestion{make_rule(Rule::Effect::allow, most->first, "suggested"), {}};
    const std::set<std::string> taken = most->second;
    for (const std::string& name : taken) {
      auto& rows = found.by_name[name];
      suggestion.names.insert(suggestion.names.end(), rows.begin(), rows.end());
      found.by_name.erase(name);
    }
    found.by_library.erase(most);
    for (auto& [library, names] : found.by_library) {
      for (const std::string& name : taken) names.erase(name);
    }
    out.rules.push_back(std::move(suggestion));
  }
  for (auto& [name, rows] : found.by_name) {
    Rule rule = *rule_for(rows.front());
    out.rules.push_back({std::move(rule), std::move(rows)});
  }
  return out;
}

}  // namespace skops
