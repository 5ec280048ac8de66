#include "trust/approved_graph.hpp"

#include <string>
#include <utility>

#include "skops/error.hpp"
#include "trust/audit_detail.hpp"

namespace skops {
namespace {

constexpr std::size_t most_listed = 20;

// An audit approves the graph that it was made of, and no other.
void check_same(const Graph& graph, const Audit::Detail& detail) {
  bool same = detail.graph == &graph && detail.group_of_node.size() == graph.size();
  for (NodeId id = 0; same && id < graph.size(); ++id) {
    const Audit::Detail::Group& group = detail.groups[detail.group_of_node[id]];
    const Node& node = graph.node(id);
    same = node.loader == group.loader && node.module == group.module && node.cls == group.cls;
  }
  for (std::size_t k = 0; same && k < detail.groups.size(); ++k) {
    const Audit::Detail::Group& group = detail.groups[k];
    const AuditedName& name = detail.names[group.name];
    same = group.module < graph.names() && graph.name(group.module) == name.module &&
           graph.name(group.cls) == name.cls && graph.name(group.loader) == name.loader;
  }
  if (!same) {
    throw Error(Family::usage, "trust.other-graph", "the audit was made of another graph", {},
                "audit the graph that is to be built");
  }
}

Error refusal(const Audit& audit, const char* code, std::string text, Decision worst,
              std::string remedy) {
  std::size_t count = 0;
  std::string path;
  for (const AuditedName& name : audit.names()) {
    const bool listed = worst == Decision::denied ? name.decision == Decision::denied
                                                  : name.decision != Decision::allowed;
    if (!listed) continue;
    if (count == 0 && !name.paths.empty()) path = name.paths.front();
    if (++count > most_listed) continue;
    text += (count > 1 ? ", " : " ") + printable(name.name);
    if (worst == Decision::denied) text += " (" + name.rule + ")";
  }
  if (count > most_listed) text += " and " + std::to_string(count - most_listed) + " more";
  return Error(Family::untrusted, code, std::move(text), {.path = path}, std::move(remedy));
}

// What a finding that refuses means for the one who loads: a lie of the file, if nothing else.
std::pair<Family, const char*> refusal_of(std::string_view code) {
  if (code == "audit.unknown-loader") {
    return {Family::unsupported, "add a plugin that describes the loader, or update this library"};
  }
  if (code == "audit.operator") {
    return {Family::untrusted,
            "do not use this file, or let the program that loads it lift the refusal, by "
            "trust_refused"};
  }
  return {Family::malformed, ""};
}

std::vector<NodeKind> kinds_of(const Audit::Detail& detail) {
  return {detail.groups.begin(), detail.groups.end()};
}

}  // namespace

ApprovedGraph approve_native(std::shared_ptr<const Graph> graph, const Audit& audit) {
  const Audit::Detail& detail = audit.detail();
  check_same(*graph, detail);
  for (const AuditedName& name : detail.names) {
    if (!name.refuses_native) continue;
    throw Error(Family::untrusted, "trust.denied",
                "the name " + printable(name.name) + " is refused: " + printable(name.rule),
                {.path = name.paths.empty() ? std::string() : name.paths.front()},
                "remove the rule, or do not use this file");
  }
  std::vector<bool> buildable(graph->size());
  for (NodeId id = 0; id < graph->size(); ++id) {
    buildable[id] = detail.names[detail.groups[detail.group_of_node[id]].name].native;
  }
  for (const NodeId id : detail.blocked) buildable[id] = false;
  return ApprovedGraph(std::move(graph), std::move(buildable), kinds_of(detail),
                       detail.group_of_node);
}

ApprovedGraph approve_objects(std::shared_ptr<const Graph> graph, const Audit& audit) {
  const Audit::Detail& detail = audit.detail();
  check_same(*graph, detail);
  if (audit.denied()) {
    throw refusal(audit, "trust.denied", "the file holds names that are refused:", Decision::denied,
                  "do not use this file, or remove the rule that denies them");
  }
  for (const Finding& finding : detail.findings) {
    if (!finding.refuses) continue;
    const auto [family, remedy] = refusal_of(finding.code);
    throw Error(family, finding.code, finding.text, {.path = finding.path}, remedy);
  }
  if (!audit.ok()) {
    throw refusal(audit, "trust.undecided",
                  "the file holds names that nobody has decided about:", Decision::undecided,
                  "look at each, then trust it by name");
  }
  return ApprovedGraph(std::move(graph), {}, kinds_of(detail), detail.group_of_node);
}

}  // namespace skops
