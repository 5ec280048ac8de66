// Installing plugins and enabling them: what `libskops plugins` does, for tools that do the same.
//
// Installing copies a manifest and its library into a folder and enables nothing. Enabling pins the
// two files in a lock file (plugin_lock.hpp) as they were when they were read and compared
// (PluginStore::find); it runs none of their code. Accepting the names that a manifest proposes to
// trust is a decision of its own, made by a person who has seen them (InstalledPlugin::proposals).
//
// Every file is written beside its place and renamed, with permissions that no umask can widen.
// Changes of one lock file take turns. Throws skops::Error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "skops/plugin_lock.hpp"

namespace skops {

// A plugin as its files are now.
struct InstalledPlugin {
  std::string id, version;
  std::uint32_t abi_major = 0, abi_minor = 0;
  std::filesystem::path manifest;
  std::filesystem::path library;  // empty for a manifest alone
  std::uint64_t library_size = 0;
  std::string manifest_sha256, library_sha256;
  // module.name, sorted: what loads trust without a rule once the proposals are accepted, and what
  // stays to be opted in.
  std::vector<std::string> proposals, opt_in;
  std::vector<std::string> loaders, classes;  // that it describes; that its code builds
};

class PluginStore {
 public:
  struct Places {
    // Where plugins may lie; `install` writes to the first one and `remove` removes from it.
    std::vector<std::filesystem::path> folders;
    std::filesystem::path lock_file;
    // Of others, whose plugins run beside these.
    std::vector<std::filesystem::path> other_lock_files = {};
  };
  explicit PluginStore(Places places);

  // The plugin with this id, in the first folder that has one: its library is read and compared
  // with the manifest.
  InstalledPlugin find(std::string_view id) const;
  PluginLock lock() const;

  // `source` is a manifest, or a folder that holds exactly one: itself, or as a repository made by
  // `libskops plugins new` in its build/plugins or src/NAME. Replaces a plugin of the same id.
  InstalledPlugin install(const std::filesystem::path& source) const;
  // Pins the plugin as `find` gave it, so what somebody has seen and nothing else: where its files
  // have changed meanwhile they are refused. An older pin of this id is replaced. Refuses what no
  // host would run.
  PluginLockEntry enable(const InstalledPlugin& plugin, bool accept_proposals) const;
  // Gives the pin that was there.
  PluginLockEntry disable(std::string_view id) const;
  // Deletes the files, and the pin if there is one. Gives the files.
  std::vector<std::filesystem::path> remove(std::string_view id) const;

 private:
  std::filesystem::path manifest_of(std::string_view id) const;
  void check(const InstalledPlugin& plugin, const PluginLock& others) const;

  Places places_;
};

}  // namespace skops
