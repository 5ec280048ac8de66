// The names that are trusted by default, or by the policy files of a process, remembered from load
// to load.
//
// Most files hold nothing else, and deciding about a name takes longer than building a small
// object. Here only "allowed by this policy" (most often the one without rules) is remembered, by
// loader, module and class, and only after the audit's own Decider has said so; whatever is
// undecided or denied, bound methods, and what no manifest declares are left to an audit. A file
// cannot make the table grow beyond what the manifests declare. What further rules of one load
// allow besides is decided by them, each time anew. Any thread.
#pragma once

#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "trust/approved_graph.hpp"
#include "trust/decider.hpp"

namespace skops {

class KnownNames {
 public:
  // The manifests must outlive it.
  explicit KnownNames(std::span<const Manifest> manifests, Policy policy = {})
      : manifests_(manifests), policy_(std::move(policy)), decider_(manifests, policy_) {}
  KnownNames(const KnownNames&) = delete;

  // Names that a rule allows and no manifest declares: others may still be asked about them.
  enum class Undeclared { left_to_audit, allowed };

  // The graph, approved for objects under `policy`, whose first rules are this table's own; nothing
  // where an audit has to decide: where a name is not allowed, or a further rule denies anything.
  std::optional<ApprovedGraph> approve(const std::shared_ptr<const Graph>& graph,
                                       const Policy& policy, Undeclared undeclared) const;

 private:
  // A node's loader, module and class, and which of the loader's declarations it is under.
  struct Key {
    int first_protocol;
    std::string_view loader, value, module, cls;
    bool operator==(const Key&) const = default;
  };
  struct OwnedKey {
    int first_protocol;
    std::string loader, value, module, cls;
    operator Key() const { return {first_protocol, loader, value, module, cls}; }
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const Key& key) const;
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const Key& a, const Key& b) const { return a == b; }
  };
  struct Name {
    const LoaderEntry* entry = nullptr;
    const Manifest* manifest = nullptr;
    bool contents_checked = false;
  };
  class Rules;

  const Name* find(const Graph& graph, const Node& node) const;
  // Whether all names that the node brings in are trusted.
  bool brought(const Graph& graph, NodeId node, const Described& loader, Rules& rules) const;

  std::span<const Manifest> manifests_;
  const Policy policy_;
  Decider decider_;
  mutable std::shared_mutex mutex_;
  mutable std::unordered_map<OwnedKey, Name, Hash, Equal> names_;
  mutable std::unordered_set<std::string> brought_;
};

}  // namespace skops
