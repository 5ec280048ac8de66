#include "trust/describe.hpp"

#include <algorithm>

#include "graph/dotted_name.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

// The plain values and containers that a loader is for are declared by its own plugin; any other
// class there is a subclass, which the loader calls.
Effect container(const AuditedName& name, const Manifest& owner) {
  return owner.declares(name.module, name.cls, name.use) == Trust::by_default ? Effect::data
                                                                              : Effect::calls;
}

Effect effect_of(const AuditedName& name, const Described& loader, const BroughtName* brought) {
  if (loader.entry == nullptr || !loader.entry->recipe) return Effect::none;
  if (name.reason == Reason::class_for_loader) return Effect::none;
  if (brought != nullptr) {
    switch (brought->kind) {
      case BroughtName::Kind::method: return Effect::binds;
      case BroughtName::Kind::name: return Effect::refers;
      case BroughtName::Kind::key: return Effect::hook;
    }
  }
  switch (loader.entry->recipe->make) {
    case Make::json:
    case Make::slice: return Effect::data;
    case Make::dict:
    case Make::defaultdict:
    case Make::list:
    case Make::set:
    case Make::tuple:
    case Make::bytes:
    case Make::bytearray:
    case Make::array:
    case Make::object_array: return container(name, *loader.manifest);
    case Make::name:
    // The owner's class, which the method's node repeats: nothing is made of it here.
    case Make::method: return Effect::refers;
    case Make::partial:
    case Make::operator_: return Effect::wraps;
    case Make::object: return Effect::creates;
    case Make::call:
    case Make::reduce: return Effect::calls;
    case Make::hook: return Effect::hook;
  }
  return Effect::none;
}

// A rule is typed or copied by a person: what cannot be read in one look is no name to trust.
constexpr std::size_t longest_rule = 200;

void remedy(AuditedName& name) {
  if (name.decision == Decision::allowed) return;
  switch (name.reason) {
    case Reason::by_default:
    case Reason::rule:
      name.cannot_allow =
          name.rule + " forbids it; a rule that allows it does not count beside that";
      return;
    case Reason::standing_refusal:
      name.cannot_allow = "no rule can; only the code of the host, by trust_refused";
      return;
    case Reason::class_for_loader:
      name.cannot_allow = "nothing can: the file says that the loader builds what it does not";
      return;
    case Reason::class_with_dots:
      name.cannot_allow = "nothing can: a rule for it would mean another name, too";
      return;
    case Reason::not_opted_in: name.allow = name.library; return;
    case Reason::loader_not_opted_in: name.allow = name.loader_plugin; return;
    case Reason::other_use:
    case Reason::no_rule: break;
  }
  if (name.loader_plugin.empty()) {
    name.cannot_allow = "no rule helps: no plugin describes the loader " + printable(name.loader);
  } else if (name.cls.ends_with('>')) {
    name.cannot_allow = "nothing can: an anonymous function is nowhere under its name";
  } else if (name.name.size() > longest_rule || !is_dotted_name(name.name)) {
    name.cannot_allow = "no rule can say this name";
  } else {
    name.allow = name.name;
  }
}

}  // namespace

Described describe(const LoaderLayout& layout, std::span<const Manifest> manifests) {
  for (const Manifest& manifest : manifests) {
    for (const LoaderEntry& entry : manifest.loaders) {
      const LoaderLayout& known = entry.layout;
      if (known.loader == layout.loader && known.first_protocol == layout.first_protocol &&
          known.selector == layout.selector && known.value == layout.value) {
        return {&entry, &manifest};
      }
    }
  }
  return {};
}

bool contents_checked(const AuditedName& name, std::span<const Manifest> manifests) {
  return !name.use.empty() &&
         std::any_of(manifests.begin(), manifests.end(), [&](const Manifest& manifest) {
           return manifest.contents_checked(name.module, name.cls, name.use);
         });
}

void complete(AuditedName& name, const Described& loader, const BroughtName* brought,
              std::span<const Manifest> manifests) {
  if (loader.manifest != nullptr) name.loader_plugin = loader.manifest->id;
  name.effect = effect_of(name, loader, brought);
  name.contents_checked = brought == nullptr && contents_checked(name, manifests);
  remedy(name);
}

}  // namespace skops
