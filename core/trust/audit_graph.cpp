#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <unordered_map>

#include "graph/dotted_name.hpp"
#include "skops/error.hpp"
#include "skops/limits.hpp"
#include "trust/approved_graph.hpp"
#include "trust/audit_detail.hpp"
#include "trust/brought_name.hpp"
#include "trust/decider.hpp"
#include "trust/describe.hpp"
#include "trust/operator_names.hpp"

namespace skops {
namespace {

// Paths cost their depth; a hostile file has a million of them.
constexpr std::size_t most_path_bytes = 4 << 20;
constexpr std::size_t most_findings = 100;  // of one kind

class GraphAudit {
 public:
  GraphAudit(const Graph& graph, std::span<const Manifest> manifests, const Policy& policy)
      : graph_(graph), manifests_(manifests), decider_(manifests, policy) {}

  std::shared_ptr<const Audit::Detail> run(const Policy& policy, std::string file) {
    detail_->graph = &graph_;
    detail_->file = std::move(file);
    detail_->root = graph_.cls(0);
    detail_->group_of_node.reserve(graph_.size());
    for (const Rule* rule : decider_.unknown_libraries()) {
      detail_->findings.push_back({"policy.unknown-library",
                                   "the rule " + rule->text() + " (" + rule->origin +
                                       ") names a library that no plugin describes",
                                   "", false});
    }
    for (const Decider::Idle& idle : decider_.idle()) {
      const std::string releases = releases_of(*idle.library);
      detail_->findings.push_back(
          {"policy.library-release",
           "the rule " + stated(*idle.rule) + " does not count: the plugin " +
               (releases.empty() ? "says of no release" : "describes " + releases),
           "", false});
    }
    for (const PolicyNote& note : policy.notes()) {
      detail_->findings.push_back({note.code, note.text, "", false});
    }
    for (NodeId id = 0; id < graph_.size(); ++id) {
      const std::uint32_t group = group_of(id);
      detail_->group_of_node.push_back(group);
      seen(detail_->groups[group].name, id);
      if (const LoaderEntry* entry = detail_->groups[group].entry) {
        for (const BroughtName& brought : entry->brings) bring(id, *entry, brought);
        if (entry->recipe && entry->recipe->make == Make::operator_) look_at_operator(id, policy);
      }
    }
    fill_paths();
    return std::move(detail_);
  }

 private:
  std::uint32_t group_of(NodeId id) {
    const auto [group, added] = numbers_.of(graph_.node(id));
    if (added) add_group(id);
    return group;
  }

  void add_group(NodeId id) {
    const Node& node = graph_.node(id);
    auto [known, added] = described_.emplace(node.layout, Described{});
    const LoaderLayout* layout = graph_.layout(id);
    if (added && layout != nullptr) known->second = describe(*layout, manifests_);
    const LoaderEntry* entry = known->second.entry;

    AuditedName name;
    name.module = graph_.module(id);
    name.cls = graph_.cls(id);
    name.name = name.module + '.' + name.cls;
    name.loader = graph_.loader(id);
    if (entry != nullptr) name.use = entry->use;
    decider_.decide(name, known->second, false);
    complete(name, known->second, nullptr, manifests_);

    if (entry == nullptr) {
      finding("audit.unknown-loader", "no plugin describes the loader " + name.loader, id);
    } else if (name.reason == Reason::class_for_loader) {
      finding("audit.class-for-loader",
              "the loader " + name.loader + " does not build " + name.name, id);
    } else if (name.cls.find('.') != std::string::npos) {
      finding("audit.class-with-dots", "the class " + name.cls + " holds a dot", id);
    }
    detail_->groups.push_back(
        {{node.loader, node.module, node.cls, entry, known->second.manifest, name.contents_checked},
         static_cast<std::uint32_t>(detail_->names.size())});
    add_name(std::move(name));
  }

  std::uint32_t add_name(AuditedName name) {
    detail_->names.push_back(std::move(name));
    samples_.emplace_back();
    return static_cast<std::uint32_t>(detail_->names.size() - 1);
  }

  void seen(std::uint32_t name, NodeId id) {
    AuditedName& audited = detail_->names[name];
    if (audited.count < Audit::most_paths) samples_[name][audited.count] = id;
    ++audited.count;
  }

  void finding(const char* code, std::string text, NodeId id) {
    if (++findings_of_[code] > most_findings) return;
    detail_->findings.push_back({code, std::move(text), path(id), true});
  }

  std::string path(NodeId id) {
    if (path_bytes_ > most_path_bytes) return {};
    std::string text = graph_.path(id);
    path_bytes_ += text.size() + 64;
    return text;
  }

  void fill_paths() {
    for (const bool allowed : {false, true}) {  // what needs a decision first
      for (std::size_t k = 0; k < samples_.size(); ++k) {
        AuditedName& name = detail_->names[k];
        if ((name.decision == Decision::allowed) != allowed) continue;
        const auto n = std::min<std::uint64_t>(name.count, Audit::most_paths);
        for (std::uint64_t s = 0; s < n && path_bytes_ <= most_path_bytes; ++s) {
          name.paths.push_back(path(samples_[k][s]));
        }
      }
    }
  }

  void bring(NodeId id, const LoaderEntry& entry, const BroughtName& brought) {
    AuditedName name;
    name.use = brought.use;
    name.loader = entry.layout.loader;
    const auto [module, last] = brought_text(graph_, id, brought);
    name.module = module;
    name.cls = last;
    if (brought.kind == BroughtName::Kind::method) {
      name.cls = std::string(graph_.cls(id)) + '.' + last;
      const Tape::Index at = graph_.field(id, brought.first);
      const NodeId owner = at == Tape::none ? no_node : graph_.node_at(at);
      if (owner == no_node || graph_.node(owner).module != graph_.node(id).module ||
          graph_.node(owner).cls != graph_.node(id).cls) {
        finding("audit.method-owner",
                "a bound method says it belongs to another class than it does", id);
        detail_->blocked.push_back(id);
      }
    }
    if (!is_identifier(last) || !is_dotted_name(name.module)) {
      finding("audit.unreadable-name", "the name that this " + name.loader + " uses cannot be read",
              id);
      detail_->blocked.push_back(id);
      return;
    }
    name.name = name.module + '.' + name.cls;
    const auto [at, added] =
        brought_.emplace(std::tuple(name.use, name.module, name.cls), std::uint32_t{0});
    if (added) {
      const Described loader{&entry, detail_->groups[detail_->group_of_node[id]].manifest};
      decider_.decide(name, loader, true);
      complete(name, loader, &brought, manifests_);
      at->second = add_name(std::move(name));
    }
    seen(at->second, id);
    if (detail_->names[at->second].decision != Decision::allowed) detail_->blocked.push_back(id);
  }

  void look_at_operator(NodeId id, const Policy& policy) {
    const std::string why = refused_operator(graph_, id);
    if (why.empty()) return;
    const std::string name = std::string(graph_.module(id)) + '.' + std::string(graph_.cls(id));
    const auto& lifted = policy.lifted();
    if (std::find(lifted.begin(), lifted.end(), name) != lifted.end()) return;
    finding("audit.operator", name + " is refused for what it is given: " + why, id);
  }

  const Graph& graph_;
  std::span<const Manifest> manifests_;
  Decider decider_;
  std::shared_ptr<Audit::Detail> detail_ = std::make_shared<Audit::Detail>();
  KindNumbers numbers_;
  std::unordered_map<std::uint32_t, Described> described_;  // by layout
  std::map<std::tuple<std::string, std::string, std::string>, std::uint32_t> brought_;
  std::vector<std::array<NodeId, Audit::most_paths>> samples_;  // by name
  std::map<std::string, std::size_t> findings_of_;
  std::size_t path_bytes_ = 0;
};

}  // namespace

Audit audit_graph(const Graph& graph, std::span<const Manifest> manifests, const Policy& policy,
                  std::string file) {
  return Audit(GraphAudit(graph, manifests, policy).run(policy, std::move(file)));
}

}  // namespace skops
