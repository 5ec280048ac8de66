#include <algorithm>

#include "plugin/registry.hpp"
#include "skops/trust.hpp"
#include "trust/decider.hpp"
#include "trust/refused_names.hpp"

namespace skops {
namespace {

using Kind = Rule::Kind;

const Manifest* find(std::span<const Manifest> manifests, std::string_view id) {
  const auto at = std::find_if(manifests.begin(), manifests.end(),
                               [&](const Manifest& manifest) { return manifest.id == id; });
  return at == manifests.end() ? nullptr : &*at;
}

// Of the library that a rule names, if it does.
struct Libraries {
  const Manifest *wide, *rule;
};

// Whether `wide` hits every name that `rule` hits, if both have an effect at all.
bool covers(const Rule& wide, const Rule& rule, const Libraries& libraries) {
  const Manifest* library = libraries.rule;
  switch (wide.kind) {
    case Kind::exact: return rule.kind == Kind::exact && wide.name == rule.name;
    case Kind::library: {
      if (rule.kind == Kind::library) return wide.name == rule.name;
      // One that allows does so for some uses only.
      if (rule.kind == Kind::prefix || wide.effect == Rule::Effect::allow) return false;
      const std::size_t dot = rule.name.rfind('.');
      return libraries.wide != nullptr && dot != rule.name.npos &&
             libraries.wide->declares(rule.name.substr(0, dot), rule.name.substr(dot + 1), "");
    }
    case Kind::prefix: break;
  }
  if (rule.kind == Kind::prefix) return rule.name == wide.name || below(rule.name, wide.name);
  if (rule.kind == Kind::exact) return below(rule.name, wide.name);
  return library != nullptr &&
         std::all_of(library->types.begin(), library->types.end(), [&](const TypeGroup& group) {
           return std::all_of(group.modules.begin(), group.modules.end(),
                              [&](const std::string& module) {
                                return module == wide.name || below(module, wide.name);
                              });
         });
}

std::string why_without_effect(const Rule& rule, const Manifest* library) {
  if (rule.kind == Kind::library) {
    if (library == nullptr) return "no plugin of this host describes the library";
    if (counts(rule, *library)) return {};
    const std::string releases = releases_of(*library);
    return releases.empty() ? "the plugin says of no release" : "the plugin describes " + releases;
  }
  if (rule.effect == Rule::Effect::deny) return {};
  const auto reason = refused_reason(rule.kind == Kind::prefix ? rule.name + ".x" : rule.name);
  return reason.empty() ? std::string() : "always refused: " + std::string(reason);
}

}  // namespace

std::vector<EffectiveRule> effective_rules(const Host& host, const Policy& policy) {
  const std::span<const Manifest> manifests = host.registry()->manifests();
  std::vector<EffectiveRule> out;
  std::vector<const Manifest*> libraries;
  std::vector<std::size_t> denying, working;  // what has an effect by itself
  for (const Rule& rule : policy.rules()) {
    const bool library = rule.kind == Kind::library;
    libraries.push_back(library ? find(manifests, rule.name) : nullptr);
    out.push_back({rule, why_without_effect(rule, libraries.back())});
    if (!out.back().shadowed.empty()) continue;
    working.push_back(out.size() - 1);
    if (rule.effect == Rule::Effect::deny) denying.push_back(out.size() - 1);
  }
  for (const std::size_t k : working) {
    const Rule& rule = out[k].rule;
    const auto look = [&](std::span<const std::size_t> others, bool stronger) {
      for (const std::size_t other : others) {
        const Rule& wide = out[other].rule;
        if (!out[k].shadowed.empty()) return;
        if (other == k || (!stronger && wide.effect != rule.effect)) continue;
        if (!covers(wide, rule, {libraries[other], libraries[k]})) continue;
        // Of two that cover each other, the first one counts.
        if (!stronger && other > k && covers(rule, wide, {libraries[k], libraries[other]}))
          continue;
        out[k].shadowed = (stronger ? "denied by " : "covered by ") + stated(wide);
      }
    };
    if (rule.effect == Rule::Effect::allow) look(denying, true);
    look(working, false);
  }
  return out;
}

}  // namespace skops
