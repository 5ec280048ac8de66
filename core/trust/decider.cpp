#include "trust/decider.hpp"

#include <algorithm>

#include "manifest/version_range.hpp"
#include "trust/refused_names.hpp"

namespace skops {
namespace {

constexpr auto denying = static_cast<std::size_t>(Rule::Effect::deny);
constexpr auto allowing = static_cast<std::size_t>(Rule::Effect::allow);

std::string without_place(const Rule& rule) {
  return (rule.effect == Rule::Effect::allow ? "trust " : "deny ") + rule.text();
}

void set_rule(AuditedName& name, const Rule& rule) {
  name.reason = Reason::rule;
  name.rule_text = without_place(rule);
  name.origin = rule.origin;
  name.rule = stated(rule);
}

}  // namespace

bool below(std::string_view name, std::string_view prefix) {
  return name.size() > prefix.size() && name[prefix.size()] == '.' && name.starts_with(prefix);
}

std::string stated(const Rule& rule) {
  return without_place(rule) + " (" + rule.origin + ")";
}

std::string releases_of(const Manifest& manifest) {
  if (manifest.first_release.empty()) return {};
  if (manifest.first_release == manifest.last_release)
    return "the release " + manifest.last_release;
  return "the releases " + manifest.first_release + " to " + manifest.last_release;
}

// In doubt a rule does what is safe: it allows nothing, or denies all.
bool counts(const Rule& rule, const Manifest& library) {
  if (rule.version.empty()) return true;
  const auto range = VersionRange::parse(rule.version);
  const auto first = Release::parse(library.first_release),
             last = Release::parse(library.last_release);
  const bool denies = rule.effect == Rule::Effect::deny;
  if (!range || !first || !last) return denies;
  return denies ? range->touches(*first, *last) : range->holds(*first) && range->holds(*last);
}

bool trusts_library(const Policy& policy, const Manifest& library) {
  return std::any_of(policy.rules().begin(), policy.rules().end(), [&](const Rule& rule) {
    return rule.effect == Rule::Effect::allow && rule.kind == Rule::Kind::library &&
           rule.name == library.id && counts(rule, library);
  });
}

Decider::Decider(std::span<const Manifest> manifests, const Policy& policy)
    : manifests_(manifests), policy_(policy) {
  for (const Rule& rule : policy.rules()) {
    const auto effect = static_cast<std::size_t>(rule.effect);
    switch (rule.kind) {
      case Rule::Kind::exact: exact_[effect].emplace(rule.name, &rule); break;
      case Rule::Kind::prefix: prefix_[effect].emplace(rule.name, &rule); break;
      case Rule::Kind::library: add_library_rule(rule); break;
    }
  }
}

void Decider::add_library_rule(const Rule& rule) {
  const Manifest* library = manifest(rule.name);
  if (library == nullptr) return;
  if (!counts(rule, *library)) {
    idle_.push_back({&rule, library});
    return;
  }
  auto& rules = library_[static_cast<std::size_t>(rule.effect)];
  const auto of_same = [&](const OfLibrary& known) { return known.library == library; };
  if (std::none_of(rules.begin(), rules.end(), of_same)) rules.push_back({&rule, library});
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

// The rule of the shortest prefix.
const Rule* Decider::prefix_rule(std::size_t effect, std::string_view name) const {
  if (prefix_[effect].empty()) return nullptr;
  for (std::size_t dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1)) {
    const auto at = prefix_[effect].find(name.substr(0, dot));
    if (at != prefix_[effect].end()) return at->second;
  }
  return nullptr;
}

// Generous: whatever the joined text hits, for any use.
const Rule* Decider::denies(std::string_view module, std::string_view cls) const {
  const std::string name = std::string(module) + '.' + std::string(cls);
  if (const auto at = exact_[denying].find(name); at != exact_[denying].end()) return at->second;
  if (const Rule* rule = prefix_rule(denying, name)) return rule;
  for (const OfLibrary& known : library_[denying]) {
    if (known.library->declares(module, cls, "")) return known.rule;
  }
  return nullptr;
}

// Strict: a library allows only the uses that its manifest declares.
const Rule* Decider::allow_rule(const AuditedName& name) const {
  if (const auto at = exact_[allowing].find(name.name); at != exact_[allowing].end())
    return at->second;
  if (const Rule* rule = prefix_rule(allowing, name.name)) return rule;
  if (name.use.empty()) return nullptr;
  for (const OfLibrary& known : library_[allowing]) {
    if (known.library->declares(name.module, name.cls, name.use)) return known.rule;
  }
  return nullptr;
}

std::string Decider::why_not_opted_in(const Manifest& manifest) const {
  for (const Idle& idle : idle_) {
    if (idle.library != &manifest || idle.rule->effect == Rule::Effect::deny) continue;
    const std::string releases = releases_of(manifest);
    return "declared by " + manifest.id +
           (releases.empty() ? ", which says of no release, while there is a range in "
                             : " for " + releases + ", beyond the range of ") +
           stated(*idle.rule) + ": nobody has opted in";
  }
  return "declared by " + manifest.id + ", which nobody has opted in";
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

void Decider::decide(AuditedName& name, const Described& loader, bool brought) const {
  const LoaderEntry* entry = loader.entry;
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
  if (const Rule* rule = denies(name.module, name.cls)) {
    deny(Reason::rule, {}, true);
    return set_rule(name, *rule);
  }
  if (!brought && entry != nullptr && !entry->accepts.empty() &&
      !std::binary_search(entry->accepts.begin(), entry->accepts.end(), name.name)) {
    return deny(Reason::class_for_loader,
                "the loader " + name.loader + " does not build this class", true);
  }
  std::string_view reason = refused_reason(name.name);
  if (reason.empty() && name.use != "operator" && !name.use.empty()) {
    reason = refused_unless_seen(name.name);
  }
  const auto& lifted = policy_.lifted();
  if (!reason.empty() && std::find(lifted.begin(), lifted.end(), name.name) == lifted.end()) {
    return deny(Reason::standing_refusal, "always refused: " + std::string(reason), false);
  }
  if (!brought && name.cls.find('.') != name.cls.npos) {
    return undecided(Reason::class_with_dots, "the class holds a dot, so that no rule can name it");
  }

  // What a plugin lets its own loaders do, those of others may not do in its name: a manifest that
  // was only found could say that it calls what is harmless as a value.
  const Rule* rule = allow_rule(name);
  const bool by_library = rule == nullptr || rule->kind == Rule::Kind::library;
  if (by_library && loader.manifest != nullptr && !opted_in(policy_, *loader.manifest) &&
      (proposed == Trust::by_default || rule != nullptr)) {
    undecided(Reason::loader_not_opted_in, "trusted for loaders of " + name.library + "; " +
                                               name.loader + " is one of " + loader.manifest->id +
                                               ", which nobody has opted in");
  } else if (proposed == Trust::by_default) {
    name.decision = Decision::allowed;
    name.reason = Reason::by_default;
    name.rule = "trusted by default, declared by " + name.library;
  } else if (rule != nullptr) {
    name.decision = Decision::allowed;
    set_rule(name, *rule);
  } else if (proposed) {
    undecided(Reason::not_opted_in, why_not_opted_in(*manifest(name.library)));
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
