#include "found_plugins.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>

#include "host.hpp"
#include "manifest/manifest.hpp"
#include "objects/text.hpp"
#include "plugin/read_pinned.hpp"
#include "plugin/registry.hpp"
#include "python.hpp"
#include "skops/error.hpp"
#include "trust/audit_detail.hpp"
#include "trust/decider.hpp"

namespace skops_python {
namespace {

using skops::Error;
using skops::Family;
using skops::Manifest;

struct Found {
  skops::PluginStatus row;
  std::string package;
  std::optional<Manifest> manifest;  // nothing where it is refused
};

struct Known {
  std::vector<skops::PluginStatus> rows;
  std::unique_ptr<const skops::Host> host;
};

std::string_view first_part(std::string_view dotted) {
  return dotted.substr(0, dotted.find('.'));
}

[[noreturn]] void refuse(const char* code, std::string text, std::string remedy) {
  throw Error(Family::plugin, code, std::move(text), {}, std::move(remedy));
}

void refuse(Found& found, const Error& error) {
  found.row.state = "refused";
  found.row.code = error.code();
  found.row.text = error.text();
  found.row.remedy = error.remedy();
  found.manifest.reset();
}

bool same_layout(const Manifest& a, const Manifest& b, std::string& loader) {
  const std::vector<skops::LoaderLayout> others = b.layouts();
  for (const skops::LoaderLayout& layout : a.layouts()) {
    skops::LoaderTable both;
    for (const skops::LoaderLayout& theirs : others) {
      if (theirs.loader == layout.loader) both.add(theirs);
    }
    try {
      both.add(layout);
    } catch (const Error&) {
      loader = layout.loader;
      return true;
    }
  }
  return false;
}

// "module.Class" of all that a manifest declares.
std::set<std::string> declared(const Manifest& manifest) {
  std::set<std::string> out;
  for (const skops::TypeGroup& group : manifest.types) {
    for (const std::string& module : group.modules) {
      for (const std::string& name : group.names) out.insert(module + '.' + name);
    }
  }
  return out;
}

bool has_hooks(const Manifest& manifest) {
  return !manifest.checks.empty() ||
         std::any_of(manifest.loaders.begin(), manifest.loaders.end(),
                     [](const skops::LoaderEntry& entry) {
                       return entry.recipe && entry.recipe->make == skops::Make::hook;
                     });
}

// What the plugins of this host have to themselves: the libraries (by the first part of a module)
// that they describe.
std::set<std::string, std::less<>> own_libraries(const std::vector<Manifest>& own) {
  std::set<std::string, std::less<>> out;
  for (const Manifest& manifest : own) {
    for (const auto& [module, groups] : manifest.groups_of_module) {
      out.emplace(first_part(module));
    }
  }
  return out;
}

void check_against_own(const Found& found, const std::vector<Manifest>& own) {
  const Manifest& manifest = *found.manifest;
  std::string loader;
  for (const Manifest& theirs : own) {
    if (theirs.id == manifest.id) {
      refuse("conflict.loader", "the id " + manifest.id + " belongs to a plugin of this host",
             "uninstall the package, or ask its authors for another id");
    }
    if (same_layout(manifest, theirs, loader)) {
      refuse("conflict.loader", "the loader " + loader + " belongs to the plugin " + theirs.id,
             "ask the authors of the package for a loader of its own");
    }
  }
  const auto taken = own_libraries(own);
  const auto check_class = [&](const std::string& name, const char* what) {
    if (!taken.contains(first_part(name))) return;
    refuse("conflict.loader",
           std::string(what) + " " + name + ", which belongs to a plugin of this host",
           "ask the authors of the package to describe classes of their own library only");
  };
  for (const skops::LoaderEntry& entry : manifest.loaders) {
    if (!entry.recipe) continue;
    for (const std::string& name : entry.recipe->of) check_class(name, "it takes apart");
  }
  for (const std::string& name : manifest.checks) {
    check_class(name, "it checks");
    if (first_part(name) != found.package) {
      refuse("manifest.malformed",
             "it checks " + name + ", which is not of the package " + found.package +
                 " that brings it",
             "check classes of the package itself");
    }
  }
}

void check_hooks_module(const Found& found) {
  const Manifest& manifest = *found.manifest;
  if (has_hooks(manifest) && manifest.hooks.empty()) {
    refuse("manifest.malformed", "it needs hooks and has no \"hooks\" that names their module",
           "name the module of the package that has HOOKS and CHECKS");
  }
  if (!manifest.hooks.empty() && first_part(manifest.hooks) != found.package) {
    refuse("manifest.malformed",
           "its hooks, " + manifest.hooks + ", are not in the package " + found.package +
               " that brings it",
           "keep the hooks in the package");
  }
}

void read(Found& found, const std::string& path, const std::string& id,
          const std::vector<Manifest>& own) {
  found.manifest = skops::read_manifest(skops::read_manifest_file(path), path);
  found.row.version = found.manifest->version;
  if (found.manifest->id != id) {
    refuse("manifest.malformed",
           "the entry point is called " + id + ", the manifest's id is " + found.manifest->id,
           "give the entry point the id as its name");
  }
  check_hooks_module(found);
  check_against_own(found, own);
}

// What two of them claim neither gets: the order of packages must not decide.
void refuse_conflicts(std::vector<Found>& all, const std::vector<Manifest>& own) {
  std::map<std::size_t, std::string> refused;
  const auto conflict = [&](std::size_t a, std::size_t b, const std::string& what) {
    for (const auto& [k, other] : {std::pair(a, b), std::pair(b, a)}) {
      refused.emplace(k, what + " is claimed by " + all[other].row.library + " as well");
    }
  };
  std::map<std::string, std::size_t> by_name;
  const auto taken = own_libraries(own);
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (!all[k].manifest) continue;
    const Manifest& manifest = *all[k].manifest;
    for (std::size_t other = 0; other < k; ++other) {
      if (!all[other].manifest) continue;
      std::string loader;
      if (all[other].manifest->id == manifest.id) conflict(other, k, "the id " + manifest.id);
      if (same_layout(manifest, *all[other].manifest, loader))
        conflict(other, k, "the loader " + loader);
    }
    for (const std::string& name : declared(manifest)) {
      // Objects of several libraries may hold what is NumPy's or pandas'.
      if (taken.contains(first_part(name))) continue;
      const auto [at, added] = by_name.emplace(name, k);
      if (!added && at->second != k) conflict(at->second, k, "the name " + name);
    }
  }
  for (const auto& [k, text] : refused) {
    refuse(all[k], Error(Family::plugin, "conflict.loader", text, {}, "uninstall one of them"));
  }
}

// Whether the host uses this very manifest already: pinned by its own code or a lock file. Then
// there is nothing more to describe.
bool is_used(const std::string& id, const std::string& path) {
  for (const skops::PluginStatus& row : host().known_plugins()) {
    if (row.id != id || row.manifest.empty() || row.pinned_by.empty() || row.state == "refused") {
      continue;
    }
    return skops::PluginPin::of(row.manifest).manifest_sha256 ==
           skops::PluginPin::of(path).manifest_sha256;
  }
  return false;
}

std::vector<Found> search(const std::vector<Manifest>& own) {
  const Ref module = checked(PyImport_ImportModule("libskops._found"));
  const Ref list = checked(PyObject_CallMethod(module.get(), "find", nullptr));
  std::vector<Found> out;
  for (Py_ssize_t k = 0; k < PyList_GET_SIZE(list.get()); ++k) {
    PyObject* const row = PyList_GET_ITEM(list.get(), k);
    const auto text = [&](Py_ssize_t at) {
      return std::string(text_of(PyTuple_GET_ITEM(row, at)));
    };
    const std::string id = text(0), path = text(2), problem = text(3);
    Found& found = out.emplace_back();
    found.package = text(1);
    found.row.id = id;
    found.row.state = "found";
    found.row.library = path.empty() ? found.package : path;
    try {
      if (!problem.empty()) {
        refuse("manifest.missing", problem, "install the package again, or ask its authors");
      }
      if (is_used(id, path)) {
        out.pop_back();
        continue;
      }
      read(found, path, id, own);
    } catch (const Error& error) {
      refuse(found, error);
    }
  }
  refuse_conflicts(out, own);
  return out;
}

std::unique_ptr<Known> make() {
  const auto& own = host().registry()->manifests();
  auto known = std::make_unique<Known>();
  std::vector<Found> all = search(own);
  skops::Host::Options options = host_options();
  const std::size_t ours = options.plugins.size();
  for (Found& found : all) {
    if (!found.manifest) continue;
    try {
      skops::PluginPin pin = skops::PluginPin::of(found.row.library);
      pin.describes_only = true;
      options.plugins.push_back(std::move(pin));
    } catch (const Error& error) {  // changed meanwhile
      refuse(found, error);
    }
  }
  if (options.plugins.size() > ours) {
    known->host = std::make_unique<const skops::Host>(std::move(options));
    // What the host itself refuses, an ABI that is too new for example.
    for (const skops::PluginStatus& row : known->host->known_plugins()) {
      if (row.state != "refused") continue;
      for (Found& found : all) {
        if (found.manifest && (found.row.id == row.id)) {
          refuse(found, Error(Family::plugin, row.code, row.text, {}, row.remedy));
        }
      }
    }
  }
  for (Found& found : all) known->rows.push_back(std::move(found.row));
  return known;
}

// No static initialiser: Python code runs meanwhile and may let another thread in.
const Known* found = nullptr;

const Known& known() {
  if (found == nullptr) {
    auto made = make();
    if (found == nullptr) found = made.release();
  }
  return *found;
}

}  // namespace

const skops::Host* found_host() {
  return known().host.get();
}

bool nothing_found() {
  return found != nullptr && found->host == nullptr;
}

std::vector<skops::PluginStatus> found_plugins() {
  return known().rows;
}

bool needs_more(const skops::Audit& audit) {
  const auto& names = audit.names();
  const auto& findings = audit.findings();
  return std::any_of(names.begin(), names.end(),
                     [](const skops::AuditedName& name) { return name.library.empty(); }) ||
         std::any_of(findings.begin(), findings.end(), [](const skops::Finding& finding) {
           return finding.code == "audit.unknown-loader" ||
                  finding.code == "policy.unknown-library";
         });
}

bool needs_more(const skops::Policy& policy, const skops::Host& host) {
  const auto& manifests = host.registry()->manifests();
  return std::any_of(policy.rules().begin(), policy.rules().end(), [&](const skops::Rule& rule) {
    return rule.kind == skops::Rule::Kind::library &&
           std::none_of(manifests.begin(), manifests.end(),
                        [&](const Manifest& manifest) { return manifest.id == rule.name; });
  });
}

skops::Audit with_refused(const skops::Audit& audit) {
  auto detail = std::make_shared<skops::Audit::Detail>(audit.detail());
  for (const skops::PluginStatus& row : known().rows) {
    if (row.state != "refused") continue;
    detail->findings.push_back({row.code,
                                "the plugin " + row.id + " of an installed package (" +
                                    row.library + ") is refused: " + row.text,
                                "", false});
  }
  return skops::Audit(std::move(detail));
}

void check_hooks(const skops::Audit& audit, const skops::Policy& policy) {
  for (const skops::Audit::Detail::Group& group : audit.detail().groups) {
    if (group.manifest == nullptr || group.manifest->hooks.empty() || !group.entry->recipe ||
        group.entry->recipe->make != skops::Make::hook) {
      continue;
    }
    if (skops::trusts_library(policy, *group.manifest)) continue;
    const std::string& id = group.manifest->id;
    const auto& paths = audit.detail().names[group.name].paths;
    throw Error(Family::untrusted, "trust.hooks",
                "code of the plugin " + id + " (" + group.manifest->hooks +
                    ") would build this object, and only its name is trusted",
                {.path = paths.empty() ? std::string() : paths.front()},
                "trust the library: trusted=[\"" + id + "\"]");
  }
}

}  // namespace skops_python
