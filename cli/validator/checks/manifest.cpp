// The manifest against its rules, its library and what it proposes to trust.
#include "manifest/manifest.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "plugin/pins.hpp"
#include "plugin/sha256.hpp"
#include "skops/error.hpp"
#include "trust/refused_names.hpp"
#include "validator/checks/checks.hpp"
#include "validator/real_host.hpp"

namespace skops_validator {
namespace {

std::string package_of(std::string_view module) {
  return std::string(module.substr(0, module.find('.')));
}

void add_uses(const skops::Manifest& manifest, std::set<std::string>& uses) {
  for (const skops::LoaderEntry& loader : manifest.loaders) {
    uses.insert(loader.use);
    for (const skops::BroughtName& name : loader.brings) uses.insert(name.use);
  }
}

}  // namespace

void manifest_schema(const Context& context) {
  if (!context.subject.manifest) context.report.fail(context.subject.problem);
}

void manifest_hash(const Context& context) {
  const Subject& subject = context.subject;
  if (!subject.manifest) return context.report.skip("see manifest.schema");
  if (subject.library.empty()) return context.report.skip("the plugin is a manifest alone");
  const skops::LibraryEntry& entry = *subject.manifest->library_here();
  std::ifstream file(subject.library, std::ios::binary);
  if (!file) return context.report.fail("there is no " + entry.file + " beside the manifest");
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  if (bytes.size() != entry.size) {
    context.report.fail(entry.file + " has " + std::to_string(bytes.size()) +
                        " bytes, the manifest says " + std::to_string(entry.size));
  }
  const std::string hash = skops::sha256_hex(std::as_bytes(std::span(bytes.data(), bytes.size())));
  if (hash != entry.sha256) {
    context.report.fail(entry.file + " has SHA-256 " + hash + ", the manifest says " +
                        entry.sha256);
  }
}

// The host's own comparison, by the host's own code.
void manifest_binary(const Context& context) {
  if (!context.subject.manifest) return context.report.skip("see manifest.schema");
  const skops::PluginStatus row = RealHost(context.subject).status();
  if (row.state == "loaded" || row.state == "manifest only") return;
  context.report.fail(row.code + ": " + row.text);
}

void manifest_proposals(const Context& context) {
  if (!context.subject.manifest) return context.report.skip("see manifest.schema");
  const skops::Manifest& manifest = *context.subject.manifest;
  std::set<std::string> own_uses, uses;
  add_uses(manifest, own_uses);
  uses = own_uses;
  for (const skops::Pin& pin : skops::built_in_pins()) {
    add_uses(skops::read_manifest(pin.manifest, "pinned"), uses);
  }
  // Constructors of this project build what a plugin's types need in Python.
  std::set<std::string> packages = {manifest.id, "libskops"};
  for (const skops::SerializerEntry& s : manifest.serializers)
    packages.insert(package_of(s.module));
  for (const skops::TypeGroup& group : manifest.types) {
    for (const std::string& use : group.uses) {
      if (!uses.contains(use)) {
        context.report.fail("types are proposed for the use '" + use +
                            "', which no loader makes of a class");
      }
    }
    const bool ours = std::any_of(group.uses.begin(), group.uses.end(),
                                  [&](const std::string& use) { return own_uses.contains(use); });
    for (const std::string& module : group.modules) {
      for (const std::string& name : group.names) {
        const std::string full = module + '.' + name;
        const std::string_view reason = skops::refused_reason(full);
        if (!reason.empty()) {
          context.report.fail(full + " is proposed, and stays refused: " + std::string(reason));
        }
        if (group.trust == skops::Trust::by_default && !ours &&
            !packages.contains(package_of(module))) {
          context.report.fail(full +
                              " is proposed as trusted by default, but belongs to another "
                              "library, and nothing of this plugin uses it");
        }
      }
    }
  }
}

}  // namespace skops_validator
