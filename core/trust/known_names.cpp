#include "trust/known_names.hpp"

#include <algorithm>
#include <mutex>

#include "graph/dotted_name.hpp"
#include "trust/brought_name.hpp"
#include "trust/describe.hpp"

namespace skops {

// Null where the name is not one that is trusted by default. Pointers stay valid: nothing is
// erased.
const KnownNames::Name* KnownNames::find(const Graph& graph, const Node& node,
                                         std::string& key) const {
  if (node.layout == Tape::none) return nullptr;
  const LoaderLayout& layout = graph.layout_of(node);
  key.assign(1, static_cast<char>('0' + layout.first_protocol));
  key.append(graph.name(node.loader)).append(1, '\n').append(layout.value).append(1, '\n');
  key.append(graph.name(node.module)).append(1, '\n').append(graph.name(node.cls));
  {
    const std::shared_lock lock(mutex_);
    if (const auto at = names_.find(key); at != names_.end()) return &at->second;
  }
  const Described described = describe(layout, manifests_);
  if (described.entry == nullptr) return nullptr;
  // What these are given is looked at, node by node.
  if (described.entry->recipe && described.entry->recipe->make == Make::operator_) return nullptr;
  AuditedName name;
  name.module = graph.name(node.module);
  name.cls = graph.name(node.cls);
  name.name = name.module + '.' + name.cls;
  name.loader = layout.loader;
  name.use = described.entry->use;
  decider_.decide(name, described.entry, false);
  if (name.decision != Decision::allowed || name.cls.find('.') != std::string::npos) return nullptr;
  // A rule allows what nobody here declares, too; an audit says so, and others may be asked about
  // it.
  if (name.library.empty()) return nullptr;
  const std::unique_lock lock(mutex_);
  return &names_
              .emplace(key, Name{described.entry, described.manifest,
                                 contents_checked(name, manifests_)})
              .first->second;
}

bool KnownNames::brought(const Graph& graph, NodeId node, const LoaderEntry& entry) const {
  for (const BroughtName& brought : entry.brings) {
    if (brought.kind == BroughtName::Kind::method) return false;
    const BroughtText text = brought_text(graph, node, brought);
    if (!is_identifier(text.name) || !is_dotted_name(text.module)) return false;
    const std::string key = brought.use + '\n' + text.module + '\n' + text.name;
    {
      const std::shared_lock lock(mutex_);
      if (brought_.contains(key)) continue;
    }
    AuditedName name;
    name.module = text.module;
    name.cls = text.name;
    name.name = name.module + '.' + name.cls;
    name.loader = entry.layout.loader;
    name.use = brought.use;
    decider_.decide(name, &entry, true);
    if (name.decision != Decision::allowed || name.library.empty()) return false;
    const std::unique_lock lock(mutex_);
    brought_.insert(key);
  }
  return true;
}

std::optional<ApprovedGraph> KnownNames::approve(const std::shared_ptr<const Graph>& graph) const {
  KindNumbers numbers;
  std::vector<NodeKind> kinds;
  std::vector<std::uint32_t> kind_of_node;
  kind_of_node.reserve(graph->size());
  std::string key;
  for (NodeId id = 0; id < graph->size(); ++id) {
    const Node& node = graph->node(id);
    const auto [number, added] = numbers.of(node);
    kind_of_node.push_back(number);
    if (added) {
      const Name* name = find(*graph, node, key);
      if (name == nullptr) return std::nullopt;
      kinds.push_back({node.loader, node.module, node.cls, name->entry, name->manifest,
                       name->contents_checked});
    }
    const LoaderEntry& entry = *kinds[number].entry;
    if (!entry.brings.empty() && !brought(*graph, id, entry)) return std::nullopt;
  }
  return ApprovedGraph(graph, {}, std::move(kinds), std::move(kind_of_node));
}

}  // namespace skops
