#include "plugin/registry.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>

#include "plugin/library.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

std::string_view view(skops_string s) { return {s.data, s.data ? s.size : 0}; }

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

const LibraryEntry* entry_for_this_platform(const Manifest& manifest) {
  for (const LibraryEntry& entry : manifest.library) {
    if (entry.platform == "linux-x86_64") return &entry;
  }
  return nullptr;
}

}  // namespace

PluginRegistry::PluginRegistry(std::span<const Pin> pins,
                               std::vector<std::filesystem::path> directories)
    : pins_(pins), directories_(std::move(directories)) {}

void PluginRegistry::read() const {
  std::call_once(once_, [this] {
    for (const Pin& pin : pins_) {
      Manifest manifest = read_manifest(pin.manifest, "pinned manifest");
      if (manifest.abi_major != SKOPS_ABI_MAJOR || manifest.abi_minor > SKOPS_ABI_MINOR) {
        throw refused("abi.newer",
                      "the plugin needs ABI " + std::to_string(manifest.abi_major) + "." +
                          std::to_string(manifest.abi_minor) + ", this host has " +
                          std::to_string(SKOPS_ABI_MAJOR) + "." + std::to_string(SKOPS_ABI_MINOR),
                      manifest.id, "update the host, or install an older plugin");
      }
      Plugin plugin;
      plugin.status.id = manifest.id;
      plugin.status.version = manifest.version;
      const LibraryEntry* library = entry_for_this_platform(manifest);
      plugin.status.state = library ? "pinned" : "manifest only";
      if (library) plugin.status.library = library->file;
      for (const LoaderLayout& layout : manifest.layouts()) loaders_.add(layout);
      for (const SerializerEntry& s : manifest.serializers) {
        const auto [at, added] =
            by_claim_.emplace(claim(s.loader, s.module, s.cls), plugins_.size());
        if (!added) {
          throw refused("conflict.loader",
                        "the plugins " + plugins_[at->second].status.id + " and " + manifest.id +
                            " both claim " + s.loader + " " + s.module + "." + s.cls,
                        manifest.id, "pin one of them");
        }
      }
      plugins_.push_back(std::move(plugin));
      manifests_.push_back(std::move(manifest));
    }
  });
}

const std::vector<Manifest>& PluginRegistry::manifests() const {
  read();
  return manifests_;
}

const LoaderTable& PluginRegistry::loaders() const {
  read();
  return loaders_;
}

std::filesystem::path PluginRegistry::locate(const std::string& file) const {
  std::vector<std::filesystem::path> candidates = directories_;
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
  if (entry.size < sizeof(skops_plugin)) differ("entry struct");
  if (entry.abi_major != manifest.abi_major || entry.abi_minor != manifest.abi_minor) differ("ABI");
  if (view(entry.id) != manifest.id) differ("id");
  if (view(entry.version) != manifest.version) differ("version");
  if (entry.n_serializers != manifest.serializers.size()) differ("number of serializers");
  for (std::uint64_t k = 0; k < entry.n_serializers; ++k) {
    const skops_serializer& s = *entry.serializers[k];
    const SerializerEntry& stated = manifest.serializers[k];
    if (view(s.loader) != stated.loader || view(s.module) != stated.module ||
        view(s.name) != stated.cls) {
      differ("list of serializers");
    }
  }
}

const skops_plugin* PluginRegistry::map(std::size_t index) const {
  const std::lock_guard lock(mutex_);
  Plugin& plugin = plugins_[index];
  const Manifest& manifest = manifests_[index];
  if (plugin.entry != nullptr) return plugin.entry;
  try {
    const LibraryEntry* library = entry_for_this_platform(manifest);
    if (library == nullptr) {
      throw refused("abi.platform", "the plugin has no library for this platform", manifest.id);
    }
    const auto path = locate(library->file);
    plugin.status.library = path.string();
    const skops_plugin* entry = map_library(path, {library->file, library->size, library->sha256});
    check_entry(*entry, manifest);
    plugin.entry = entry;
    plugin.status.state = "loaded";
    plugin.status.code.clear();
    plugin.status.text.clear();
    return entry;
  } catch (const Error& error) {
    plugin.status.state = "refused";
    plugin.status.code = error.code();
    plugin.status.text = error.text();
    plugin.status.remedy = error.remedy();
    throw error.with({.plugin = manifest.id});
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

std::vector<PluginStatus> PluginRegistry::status() const {
  read();
  const std::lock_guard lock(mutex_);
  std::vector<PluginStatus> out;
  for (const Plugin& plugin : plugins_) out.push_back(plugin.status);
  return out;
}

void PluginRegistry::map_all() const {
  read();
  for (std::size_t k = 0; k < manifests_.size(); ++k) {
    if (entry_for_this_platform(manifests_[k]) == nullptr) continue;
    try {
      map(k);
    } catch (const Error&) {
      // Recorded in the plugin's row.
    }
  }
}

}  // namespace skops
