#include "trust/decider.hpp"

#include <algorithm>

#include "trust/refused_names.hpp"

namespace skops {
namespace {

bool below(std::string_view name, std::string_view prefix) {
  return name.size() > prefix.size() && name[prefix.size()] == '.' && name.starts_with(prefix);
}

bool dunder(std::string_view method) {
  return method.starts_with("__") && method.ends_with("__");
}

void set_rule(AuditedName& name, const Rule& rule) {
  name.reason = Reason::rule;
  name.rule_text = (rule.effect == Rule::Effect::allow ? "trust " : "deny ") + rule.text();
  name.origin = rule.origin;
  name.rule = name.rule_text + " (" + rule.origin + ")";
}

}  // namespace

Decider::Decider(std::span<const Manifest> manifests, const Policy& policy)
    : manifests_(manifests), policy_(policy) {
  for (const Rule& rule : policy.rules()) {
    const auto effect = static_cast<std::size_t>(rule.effect);
    if (rule.kind == Rule::Kind::exact) {
      exact_[effect].emplace(rule.name, &rule);
    } else {
      wide_[effect].push_back(&rule);
    }
  }
}

const Manifest* Decider::manifest(std::string_view id) const {
  for (const Manifest& known : manifests_) {
    if (known.id == id) return &known;
  }
  return nullptr;
}

std::vector<const Rule*> Decider::unknown_libraries() const {
  std::vector<const Rule*> out;
  for (const Rule& rule : policy_.rules()) {
    if (rule.kind == Rule::Kind::library && manifest(rule.name) == nullptr) out.push_back(&rule);
  }
  return out;
}

// Generous: whatever the joined text hits, for any use.
const Rule* Decider::deny_rule(const AuditedName& name) const {
  constexpr auto deny = static_cast<std::size_t>(Rule::Effect::deny);
  if (const auto at = exact_[deny].find(name.name); at != exact_[deny].end()) return at->second;
  for (const Rule* rule : wide_[deny]) {
    if (rule->kind == Rule::Kind::prefix) {
      if (below(name.name, rule->name)) return rule;
      continue;
    }
    const Manifest* library = manifest(rule->name);
    if (library != nullptr && library->declares(name.module, name.cls, "")) return rule;
  }
  return nullptr;
}

// Strict: a library allows only the uses that its manifest declares.
const Rule* Decider::allow_rule(const AuditedName& name) const {
  constexpr auto allow = static_cast<std::size_t>(Rule::Effect::allow);
  if (const auto at = exact_[allow].find(name.name); at != exact_[allow].end()) return at->second;
  for (const Rule* rule : wide_[allow]) {
    if (rule->kind == Rule::Kind::prefix) {
      if (below(name.name, rule->name)) return rule;
      continue;
    }
    const Manifest* library = manifest(rule->name);
    if (library != nullptr && !name.use.empty() &&
        library->declares(name.module, name.cls, name.use)) {
      return rule;
    }
  }
  return nullptr;
}

bool Decider::has_serializer(const AuditedName& name, bool& opted_in) const {
  opted_in = false;
  for (const Manifest& manifest : manifests_) {
    if (!manifest.has_serializer(name.loader, name.module, name.cls)) continue;
    // A class that a plugin names itself is opted in with the plugin, unless the plugin's own
    // manifest asks for a decision.
    opted_in = manifest.proposals_accepted &&
               manifest.declares(name.module, name.cls, name.use) != Trust::opt_in;
    return true;
  }
  return std::any_of(manifests_.begin(), manifests_.end(), [&](const Manifest& manifest) {
    return manifest.has_serializer(name.loader, "", "");
  });
}

void Decider::decide(AuditedName& name, const LoaderEntry* entry, bool brought) const {
  std::optional<Trust> proposed;
  bool declared = false;
  for (const Manifest& manifest : manifests_) {
    if (!manifest.declares(name.module, name.cls, "")) continue;
    const auto trust =
        name.use.empty() ? std::nullopt : manifest.declares(name.module, name.cls, name.use);
    if (!declared || (trust && !proposed)) name.library = manifest.id;
    declared = true;
    if (trust && proposed != Trust::by_default) proposed = trust;
  }

  const auto deny = [&](Reason reason, std::string why, bool refuses_native) {
    name.decision = Decision::denied;
    name.reason = reason;
    name.rule = std::move(why);
    name.refuses_native = refuses_native;
  };
  const auto undecided = [&](Reason reason, std::string why) {
    name.reason = reason;
    name.rule = std::move(why);
  };
  if (const Rule* rule = deny_rule(name)) {
    deny(Reason::rule, {}, true);
    return set_rule(name, *rule);
  }
  if (!brought && entry != nullptr && !entry->accepts.empty() &&
      !std::binary_search(entry->accepts.begin(), entry->accepts.end(), name.name)) {
    return deny(Reason::class_for_loader,
                "the loader " + name.loader + " does not build this class", true);
  }
  const auto& lifted = policy_.lifted();
  if (const auto reason = refused_reason(name.name);
      !reason.empty() && std::find(lifted.begin(), lifted.end(), name.name) == lifted.end()) {
    return deny(Reason::standing_refusal, "always refused: " + std::string(reason), false);
  }
  const std::string_view last = std::string_view(name.cls).substr(name.cls.rfind('.') + 1);
  if (brought && last.size() != name.cls.size() && dunder(last)) {
    return deny(Reason::standing_refusal,
                "always refused: methods with two underscores reach around the audit", false);
  }
  if (!brought && last.size() != name.cls.size()) {
    return undecided(Reason::class_with_dots, "the class holds a dot, so that no rule can name it");
  }

  if (proposed == Trust::by_default) {
    name.decision = Decision::allowed;
    name.reason = Reason::by_default;
    name.rule = "trusted by default, declared by " + name.library;
  } else if (const Rule* rule = allow_rule(name)) {
    name.decision = Decision::allowed;
    set_rule(name, *rule);
  } else if (proposed) {
    undecided(Reason::not_opted_in, "declared by " + name.library + ", which nobody has opted in");
  } else if (declared) {
    undecided(Reason::other_use, "declared by " + name.library + ", but not for this use (" +
                                     (name.use.empty() ? std::string("unknown") : name.use) + ")");
  } else {
    undecided(Reason::no_rule, "no rule names it");
  }
  if (brought || entry == nullptr) return;
  bool opted_in = false;
  name.native = has_serializer(name, opted_in) && (name.decision == Decision::allowed || opted_in);
}

}  // namespace skops
