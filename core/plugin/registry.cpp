#include "plugin/registry.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>

#include "plugin/library.hpp"
#include "plugin/read_pinned.hpp"
#include "skops/error.hpp"
#include "support/abi_sizes.hpp"

namespace skops {
namespace {

std::string_view view(skops_string s) {
  return {s.data, s.data ? s.size : 0};
}

std::string claim(std::string_view loader, std::string_view module, std::string_view name) {
  std::string out(loader);
  return out.append(1, '\n').append(module).append(1, '\n').append(name);
}

// The folder of the binary that holds this code: the program, or the shared object it is part of.
std::filesystem::path own_directory() {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<void*>(&own_directory), &info) != 0 && info.dli_fname != nullptr) {
    const std::filesystem::path path = info.dli_fname;
    if (path.is_absolute()) return path.parent_path();
  }
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path() : program.parent_path();
}

Error refused(const char* code, std::string text, const std::string& plugin,
              std::string remedy = {}) {
  return Error(Family::plugin, code, std::move(text), {.plugin = plugin}, std::move(remedy));
}

// Whether the declarations in a binary are those of its manifest: parsed, since more of them in one
// of the two would be a difference, too. `binary` is a JSON object.
bool same_declarations(std::string_view binary, const Manifest& manifest) {
  const std::size_t first = binary.find('{'), last = binary.rfind('}');
  if (first == binary.npos || last == binary.npos || last < first) return false;
  if (binary.find_first_not_of(" \t\r\n") != first || binary.find_last_not_of(" \t\r\n") != last) {
    return false;
  }
  const std::string_view members = binary.substr(first + 1, last - first - 1);
  try {
    const Manifest stated =
        read_manifest(R"({"manifest_version":1,"id":")" + manifest.id + R"(","version":")" +
                          manifest.version + R"(","abi":[)" + std::to_string(manifest.abi_major) +
                          ',' + std::to_string(manifest.abi_minor) +
                          R"(],"library":[],"serializers":[],)" + std::string(members) + '}',
                      "declarations");
    return stated.loaders == manifest.loaders && stated.types == manifest.types &&
           stated.checks == manifest.checks && stated.hooks == manifest.hooks &&
           stated.first_release == manifest.first_release &&
           stated.last_release == manifest.last_release;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

PluginRegistry::PluginRegistry(std::span<const Pin> pins, Host::Options options)
    : pins_(pins), options_(std::move(options)) {
  if (options_.policy == PluginPolicy::static_only &&
      (!options_.plugins.empty() || !options_.installed_directories.empty() ||
       !options_.lock_files.empty())) {
    throw Error(Family::usage, "host.options",
                "the host allows the plugins of the build alone, and names further ones", {},
                "choose PluginPolicy::pinned, or name none");
  }
}

void PluginRegistry::read() const {
  std::call_once(once_, [this] {
    Read read;
    for (const Pin& pin : pins_) {
      Plugin& plugin = plugins_.emplace_back();
      plugin.status.pinned_by = "build";
      read.push_back(read_pin(pin, plugin));
    }
    for (const PluginPin& pin : options_.plugins) {
      Plugin& plugin = plugins_.emplace_back();
      plugin.status.pinned_by = "host";
      read.push_back(read_pin(pin, plugin));
    }
    read_installed(read);
    for (std::size_t k = 0; k < read.size(); ++k) {
      const auto& exclude = options_.exclude;
      if (!read[k] || std::find(exclude.begin(), exclude.end(), read[k]->id) == exclude.end()) {
        continue;
      }
      plugins_[k].status.state = "excluded";
      read[k].reset();
    }
    refuse_conflicts(read);
    for (std::size_t k = 0; k < read.size(); ++k) {
      if (!read[k] || plugins_[k].status.state == "refused") continue;
      for (const LoaderLayout& layout : read[k]->layouts()) loaders_.add(layout);
      for (const SerializerEntry& s : read[k]->serializers) {
        by_claim_.emplace(claim(s.loader, s.module, s.cls), manifests_.size());
      }
      accepted_.push_back(k);
      manifests_.push_back(std::move(*read[k]));
    }
    known_names_ = std::make_unique<const KnownNames>(manifests_);
  });
}

void PluginRegistry::refuse(Plugin& plugin, const Error& error) {
  plugin.status.state = "refused";
  plugin.status.code = error.code();
  plugin.status.text = error.text();
  plugin.status.remedy = error.remedy();
}

Manifest PluginRegistry::check_manifest(std::string_view text, std::string_view origin,
                                        Plugin& plugin, bool describes_only) {
  Manifest manifest = read_manifest(text, origin);
  if (describes_only) manifest.leave_native_out();
  plugin.status.id = manifest.id;
  plugin.status.version = manifest.version;
  if (manifest.abi_major != SKOPS_ABI_MAJOR || manifest.abi_minor > SKOPS_ABI_MINOR) {
    throw refused(manifest.abi_major != SKOPS_ABI_MAJOR ? "abi.major" : "abi.newer",
                  "the plugin needs ABI " + std::to_string(manifest.abi_major) + "." +
                      std::to_string(manifest.abi_minor) + ", this host has " +
                      std::to_string(SKOPS_ABI_MAJOR) + "." + std::to_string(SKOPS_ABI_MINOR),
                  manifest.id, "update the host, or install an older plugin");
  }
  const LibraryEntry* library = manifest.library_here();
  if (library == nullptr && !manifest.serializers.empty()) {
    throw refused("abi.platform", "the plugin has no library for this platform", manifest.id,
                  "install the plugin for this platform");
  }
  plugin.status.state = library ? "pinned" : "manifest only";
  if (library) plugin.status.library = library->file;
  return manifest;
}

std::optional<Manifest> PluginRegistry::read_pin(const Pin& pin, Plugin& plugin) {
  try {
    return check_manifest(pin.manifest, "pinned manifest", plugin);
  } catch (const Error& error) {
    refuse(plugin, error);
    return std::nullopt;
  }
}

std::optional<Manifest> PluginRegistry::read_pin(const PluginPin& pin, Plugin& plugin) {
  const std::string name = pin.manifest.filename().string();
  plugin.status.id = name;
  try {
    plugin.status.manifest = pin.manifest.string();
    plugin.status.accept_proposals = pin.accept_proposals;
    plugin.text = read_pinned_manifest(pin, plugin.writers);
    Manifest manifest = check_manifest(plugin.text, name, plugin, pin.describes_only);
    manifest.proposals_accepted = pin.accept_proposals;
    plugin.folder = pin.manifest.has_parent_path() ? pin.manifest.parent_path() : ".";
    const LibraryEntry* library = manifest.library_here();
    if (!pin.describes_only && (library ? library->sha256 : std::string()) != pin.library_sha256) {
      throw refused(
          "policy.library-changed",
          "the manifest names " +
              (library ? "a library with SHA-256 " + library->sha256
                       : std::string("no library for this platform")) +
              ", its pin says " + (pin.library_sha256.empty() ? "none" : pin.library_sha256),
          manifest.id, "install the plugin that was pinned, or look at the new one and pin it");
    }
    return manifest;
  } catch (const Error& error) {
    refuse(plugin, error);
    return std::nullopt;
  }
}

// What several plugins claim none of them gets: the order of pins must not decide.
void PluginRegistry::refuse_conflicts(std::span<const std::optional<Manifest>> read) const {
  const auto conflict = [&](std::size_t a, std::size_t b, const std::string& what) {
    const std::string text = "the plugins " + plugins_[a].status.id + " and " +
                             plugins_[b].status.id + " both claim " + what;
    for (const std::size_t k : {a, b}) {
      refuse(plugins_[k],
             refused("conflict.loader", text, plugins_[k].status.id, "pin one of them"));
    }
  };
  std::unordered_map<std::string, std::size_t> by_claim;
  for (std::size_t k = 0; k < read.size(); ++k) {
    if (!read[k]) continue;
    for (const SerializerEntry& s : read[k]->serializers) {
      const auto [at, added] = by_claim.emplace(claim(s.loader, s.module, s.cls), k);
      if (added) continue;
      conflict(at->second, k, s.cls.empty() ? s.loader : s.loader + " " + s.module + "." + s.cls);
    }
    for (std::size_t other = 0; other < k; ++other) {
      if (!read[other]) continue;
      if (read[other]->id == read[k]->id) conflict(other, k, "the id " + read[k]->id);
      const std::vector<LoaderLayout> others = read[other]->layouts();
      for (const LoaderLayout& layout : read[k]->layouts()) {
        LoaderTable both;
        for (const LoaderLayout& theirs : others) {
          if (theirs.loader == layout.loader) both.add(theirs);
        }
        try {
          both.add(layout);
        } catch (const Error&) {
          conflict(other, k, "the layout of " + layout.loader);
        }
      }
    }
  }
}

const std::vector<Manifest>& PluginRegistry::manifests() const {
  read();
  return manifests_;
}

const KnownNames& PluginRegistry::known_names() const {
  read();
  return *known_names_;
}

const LoaderTable& PluginRegistry::loaders() const {
  read();
  return loaders_;
}

std::filesystem::path PluginRegistry::locate(const Plugin& plugin, const std::string& file) const {
  if (!plugin.folder.empty()) return plugin.folder / file;
  std::vector<std::filesystem::path> candidates = options_.plugin_directories;
  if (candidates.empty()) {
    const auto own = own_directory();
    candidates = {own / "plugins", own.parent_path() / "plugins",
                  own.parent_path() / "lib" / "libskops" / "plugins"};
  }
  std::error_code error;
  for (const auto& directory : candidates) {
    if (std::filesystem::exists(directory / file, error)) return directory / file;
  }
  return candidates.front() / file;
}

void PluginRegistry::check_entry(const skops_plugin& entry, const Manifest& manifest) {
  const auto differ = [&](const char* what) {
    throw refused("entry.mismatch",
                  std::string("the library's ") + what + " is not what its manifest says",
                  manifest.id, "build the plugin again");
  };
  if (entry.size < abi_1_0::plugin_size) differ("entry struct");
  if (entry.abi_major != manifest.abi_major || entry.abi_minor != manifest.abi_minor) differ("ABI");
  if (view(entry.id) != manifest.id) differ("id");
  if (view(entry.version) != manifest.version) differ("version");
  if (!same_declarations(view(entry.declarations), manifest)) differ("declarations");
  if (entry.n_serializers != manifest.serializers.size()) differ("number of serializers");
  for (std::uint64_t k = 0; k < entry.n_serializers; ++k) {
    const skops_serializer* s = entry.serializers == nullptr ? nullptr : entry.serializers[k];
    if (s == nullptr || s->size < abi_1_0::serializer_size) differ("list of serializers");
    const SerializerEntry& stated = manifest.serializers[k];
    if (view(s->loader) != stated.loader || view(s->module) != stated.module ||
        view(s->name) != stated.cls) {
      differ("list of serializers");
    }
  }
}

const skops_plugin* PluginRegistry::map(std::size_t index) const {
  const std::lock_guard lock(mutex_);
  Plugin& plugin = plugins_[accepted_[index]];
  const Manifest& manifest = manifests_[index];
  if (plugin.entry != nullptr) return plugin.entry;
  try {
    const LibraryEntry* library = manifest.library_here();
    if (library == nullptr) {
      throw refused("abi.platform", "the plugin has no library for this platform", manifest.id);
    }
    const auto path = locate(plugin, library->file);
    plugin.status.library = path.string();
    const skops_plugin* entry =
        map_library(path, {library->file, library->size, library->sha256}, plugin.writers);
    check_entry(*entry, manifest);
    plugin.entry = entry;
    plugin.status.state = "loaded";
    plugin.status.code.clear();
    plugin.status.text.clear();
    plugin.status.remedy.clear();
    return entry;
  } catch (const Error& error) {
    refuse(plugin, error);
    advise(plugin);
    throw Error(error.family(), error.code(), error.text(), error.where(), plugin.status.remedy)
        .with({.plugin = manifest.id});
  }
}

const skops_serializer* PluginRegistry::find(std::string_view loader, std::string_view module,
                                             std::string_view name, int protocol) const {
  read();
  // An exact class first, then whoever takes every class of the loader.
  for (const std::string& key : {claim(loader, module, name), claim(loader, "", "")}) {
    const auto at = by_claim_.find(key);
    if (at == by_claim_.end()) continue;
    const skops_plugin* entry = map(at->second);
    for (std::uint64_t k = 0; k < entry->n_serializers; ++k) {
      const skops_serializer& s = *entry->serializers[k];
      if (claim(view(s.loader), view(s.module), view(s.name)) != key) continue;
      const auto p = static_cast<std::uint32_t>(protocol);
      if (p < s.protocol_from || p > s.protocol_to) continue;
      return &s;
    }
  }
  return nullptr;
}

std::string PluginRegistry::plugin_of(const skops_serializer& serializer) const {
  const std::lock_guard lock(mutex_);
  for (std::size_t m = 0; m < manifests_.size(); ++m) {
    const skops_plugin* entry = plugins_[accepted_[m]].entry;
    for (std::uint64_t k = 0; entry != nullptr && k < entry->n_serializers; ++k) {
      if (entry->serializers[k] == &serializer) return manifests_[m].id;
    }
  }
  return {};
}

std::vector<PluginStatus> PluginRegistry::status() const {
  read();
  const std::lock_guard lock(mutex_);
  std::vector<PluginStatus> out;
  for (const Plugin& plugin : plugins_) out.push_back(plugin.status);
  add_not_enabled(out);
  return out;
}

void PluginRegistry::map_all() const {
  read();
  for (std::size_t k = 0; k < manifests_.size(); ++k) {
    if (manifests_[k].library_here() == nullptr) continue;
    try {
      map(k);
    } catch (const Error&) {
      // Recorded in the plugin's row.
    }
  }
}

}  // namespace skops
