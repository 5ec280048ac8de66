#include "trust/known_names.hpp"

#include <algorithm>
#include <mutex>

#include "trust/describe.hpp"

namespace skops {

// Null where the name is not one that is trusted by default. Pointers stay valid: nothing is erased.
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
  if (described.entry == nullptr || !described.entry->brings.empty()) return nullptr;
  AuditedName name;
  name.module = graph.name(node.module);
  name.cls = graph.name(node.cls);
  name.name = name.module + '.' + name.cls;
  name.loader = layout.loader;
  name.use = described.entry->use;
  decider_.decide(name, described.entry, false);
  if (name.decision != Decision::allowed || name.cls.find('.') != std::string::npos) return nullptr;
  const std::unique_lock lock(mutex_);
  return &names_
              .emplace(key, Name{described.entry, described.manifest,
                                 contents_checked(name, manifests_)})
              .first->second;
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
    if (!added) continue;
    const Name* name = find(*graph, node, key);
    if (name == nullptr) return std::nullopt;
    kinds.push_back({node.loader, node.module, node.cls, name->entry, name->manifest,
                     name->contents_checked});
  }
  return ApprovedGraph(graph, {}, std::move(kinds), std::move(kind_of_node));
}

}  // namespace skops
