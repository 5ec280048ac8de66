#include <algorithm>
#include <set>

#include "graph/dotted_name.hpp"
#include "plugin/registry.hpp"
#include "skops/error.hpp"
#include "skops/trust.hpp"
#include "trust/decider.hpp"
#include "trust/refused_names.hpp"

namespace skops {

std::vector<AuditedName> explain_name(const Host& host, std::string_view name,
                                      const Policy& policy) {
  const std::size_t dot = name.rfind('.');
  if (!is_dotted_name(name) || dot == name.npos) {
    throw Error(Family::usage, "trust.name", "'" + std::string(name) + "' is no name of a type", {},
                "write package.module.Class");
  }
  const std::string module(name.substr(0, dot)), cls(name.substr(dot + 1));
  const std::vector<Manifest>& manifests = host.registry()->manifests();
  std::set<std::string> uses;
  for (const Manifest& manifest : manifests) {
    for (const TypeGroup& group : manifest.types) {
      if (std::binary_search(group.modules.begin(), group.modules.end(), module) &&
          std::binary_search(group.names.begin(), group.names.end(), cls)) {
        uses.insert(group.uses.begin(), group.uses.end());
      }
    }
  }
  std::vector<std::string> asked(uses.begin(), uses.end());
  asked.emplace_back();
  const Decider decider(manifests, policy);
  std::vector<AuditedName> out;
  for (const std::string& use : asked) {
    AuditedName row;
    row.name = name;
    row.module = module;
    row.cls = cls;
    row.use = use;
    decider.decide(row, {}, false);
    if (use.empty() && row.reason == Reason::other_use) {
      row.rule = "declared by " + row.library + " for other uses only";
    }
    out.push_back(std::move(row));
  }
  return out;
}

std::string standing_refusal(std::string_view name) {
  return std::string(refused_reason(name));
}

std::string Library::releases() const {
  Manifest manifest;
  manifest.first_release = first_release;
  manifest.last_release = last_release;
  return releases_of(manifest);
}

std::vector<Library> libraries(const Host& host) {
  std::vector<Library> out;
  for (const Manifest& manifest : host.registry()->manifests()) {
    std::set<std::pair<std::string_view, std::string_view>> names[2];
    for (const TypeGroup& group : manifest.types) {
      const bool by_default = group.trust == Trust::by_default && manifest.proposals_accepted;
      for (const std::string& module : group.modules) {
        for (const std::string& name : group.names) names[by_default ? 0 : 1].emplace(module, name);
      }
    }
    out.push_back({manifest.id, manifest.version, manifest.first_release, manifest.last_release,
                   names[0].size(), names[1].size()});
  }
  return out;
}

}  // namespace skops
