#include "trust/known_names.hpp"

#include <bit>
#include <mutex>

#include "graph/dotted_name.hpp"
#include "schema/key_hash.hpp"
#include "trust/brought_name.hpp"
#include "trust/describe.hpp"

namespace skops {
namespace {

AuditedName name_of(const Graph& graph, const Node& node, const LoaderEntry& entry) {
  AuditedName name;
  name.module = graph.name(node.module);
  name.cls = graph.name(node.cls);
  name.name = name.module + '.' + name.cls;
  name.loader = entry.layout.loader;
  name.use = entry.use;
  return name;
}

// What operators are given is looked at by the audit, node by node; and hooks of packages run only
// where a rule names their library, which who builds asks the audit for.
bool left_to_audit(const Described& described) {
  const auto& recipe = described.entry->recipe;
  return (recipe && recipe->make == Make::operator_) || !described.manifest->hooks.empty();
}

}  // namespace

// What further rules of one load say of names that need one. Made for nearly every file without
// being used.
class KnownNames::Rules {
 public:
  Rules(std::span<const Manifest> manifests, const Policy& policy, bool any, Undeclared undeclared)
      : manifests_(manifests), policy_(policy), any_(any), undeclared_(undeclared) {}

  bool allow(AuditedName& name, const Described& loader, bool brought) {
    if (!any_) return false;
    if (!decider_) decider_.emplace(manifests_, policy_);
    name.decision = Decision::undecided;
    decider_->decide(name, loader, brought);
    return name.decision == Decision::allowed &&
           (undeclared_ == Undeclared::allowed || !name.library.empty());
  }
  // As KnownNames::find.
  std::optional<Name> find(const Graph& graph, const Node& node) {
    if (!any_ || node.layout == Tape::none) return std::nullopt;
    const Described described = describe(graph.layout_of(node), manifests_);
    if (described.entry == nullptr || left_to_audit(described)) return std::nullopt;
    AuditedName name = name_of(graph, node, *described.entry);
    if (!allow(name, described, false) || name.cls.find('.') != std::string::npos) {
      return std::nullopt;
    }
    return Name{described.entry, described.manifest, contents_checked(name, manifests_)};
  }

 private:
  std::span<const Manifest> manifests_;
  const Policy& policy_;
  bool any_;
  Undeclared undeclared_;
  std::optional<Decider> decider_;
};

std::size_t KnownNames::Hash::operator()(const Key& key) const {
  // Names that a file makes up are never in the table: collisions cost them nothing.
  // A class has one loader, or two.
  return key_hash(key.cls) ^ std::rotl(key_hash(key.module), 21);
}

// Null where the name is not one that is trusted by default. Pointers stay valid: nothing is
// erased.
const KnownNames::Name* KnownNames::find(const Graph& graph, const Node& node) const {
  if (node.layout == Tape::none) return nullptr;
  const LoaderLayout& layout = graph.layout_of(node);
  const Key key{layout.first_protocol, graph.name(node.loader), layout.value,
                graph.name(node.module), graph.name(node.cls)};
  {
    const std::shared_lock lock(mutex_);
    if (const auto at = names_.find(key); at != names_.end()) return &at->second;
  }
  const Described described = describe(layout, manifests_);
  if (described.entry == nullptr) return nullptr;
  if (left_to_audit(described)) return nullptr;
  AuditedName name = name_of(graph, node, *described.entry);
  decider_.decide(name, described, false);
  if (name.decision != Decision::allowed || name.cls.find('.') != std::string::npos) return nullptr;
  // A rule allows what nobody here declares, too; an audit says so, and others may be asked about
  // it.
  if (name.library.empty()) return nullptr;
  const std::unique_lock lock(mutex_);
  return &names_
              .emplace(
                  OwnedKey{key.first_protocol, std::string(key.loader), std::string(key.value),
                           std::string(key.module), std::string(key.cls)},
                  Name{described.entry, described.manifest, contents_checked(name, manifests_)})
              .first->second;
}

bool KnownNames::brought(const Graph& graph, NodeId node, const Described& loader,
                         Rules& rules) const {
  for (const BroughtName& brought : loader.entry->brings) {
    if (brought.kind == BroughtName::Kind::method) return false;
    const BroughtText text = brought_text(graph, node, brought);
    if (!is_identifier(text.name) || !is_dotted_name(text.module)) return false;
    const std::string key =
        loader.manifest->id + '\n' + brought.use + '\n' + text.module + '\n' + text.name;
    {
      const std::shared_lock lock(mutex_);
      if (brought_.contains(key)) continue;
    }
    AuditedName name;
    name.module = text.module;
    name.cls = text.name;
    name.name = name.module + '.' + name.cls;
    name.loader = loader.entry->layout.loader;
    name.use = brought.use;
    decider_.decide(name, loader, true);
    if (name.decision != Decision::allowed || name.library.empty()) {
      if (!rules.allow(name, loader, true)) return false;
      continue;
    }
    const std::unique_lock lock(mutex_);
    brought_.insert(key);
  }
  return true;
}

std::optional<ApprovedGraph> KnownNames::approve(const std::shared_ptr<const Graph>& graph,
                                                 const Policy& policy,
                                                 Undeclared undeclared) const {
  const std::size_t own = policy_.rules().size();
  for (std::size_t k = own; k < policy.rules().size(); ++k) {
    if (policy.rules()[k].effect == Rule::Effect::deny) return std::nullopt;
  }
  Rules rules(manifests_, policy, policy.rules().size() > own || undeclared == Undeclared::allowed,
              undeclared);
  KindNumbers numbers;
  std::vector<NodeKind> kinds;
  std::vector<std::uint32_t> kind_of_node;
  kinds.reserve(32);
  kind_of_node.reserve(graph->size());
  for (NodeId id = 0; id < graph->size(); ++id) {
    const Node& node = graph->node(id);
    const auto [number, added] = numbers.of(node);
    kind_of_node.push_back(number);
    if (added) {
      const Name* known = find(*graph, node);
      const std::optional<Name> ruled = known == nullptr ? rules.find(*graph, node) : *known;
      if (!ruled) return std::nullopt;
      kinds.push_back({node.loader, node.module, node.cls, ruled->entry, ruled->manifest,
                       ruled->contents_checked});
    }
    const Described loader{kinds[number].entry, kinds[number].manifest};
    if (!loader.entry->brings.empty() && !brought(*graph, id, loader, rules)) return std::nullopt;
  }
  return ApprovedGraph(graph, {}, std::move(kinds), std::move(kind_of_node));
}

}  // namespace skops
