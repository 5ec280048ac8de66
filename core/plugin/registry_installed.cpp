// The part of the registry that reads lock files and folders of installed plugins.
#include <algorithm>
#include <set>

#include "plugin/installed.hpp"
#include "plugin/library.hpp"
#include "plugin/read_pinned.hpp"
#include "plugin/registry.hpp"
#include "skops/error.hpp"

namespace skops {

void PluginRegistry::read_installed(Read& read) const {
  // A row for what stops a whole lock file or folder.
  const auto add_refused = [&](const std::filesystem::path& path, const Error& error) {
    Plugin& plugin = plugins_.emplace_back();
    plugin.status.id = path.string();
    refuse(plugin, error);
    read.emplace_back();
  };
  std::set<std::string, std::less<>> of_build, decided;
  for (std::size_t k = 0; k < read.size(); ++k) {
    if (read[k]) (k < pins_.size() ? of_build : decided).insert(read[k]->id);
  }
  const auto add = [&](const PluginPin& pin, PluginStatus status) {
    Plugin& plugin = plugins_.emplace_back();
    const std::string id = status.id;
    plugin.status = std::move(status);
    plugin.writers = Writers::owner;
    auto manifest = read_pin(pin, plugin);
    if (plugin.status.state == "refused") plugin.status.id = id;
    const char* wrong = manifest && manifest->id != id ? "policy.bad-pin"
                        : of_build.count(id) != 0      ? "conflict.loader"
                                                       : nullptr;
    if (manifest && wrong != nullptr) {
      refuse(plugin,
             Error(Family::plugin, wrong,
                   manifest->id != id ? "the manifest is of " + manifest->id + ", its pin of " + id
                                      : "the plugin " + id + " comes with this host",
                   {.plugin = id}, "libskops plugins disable " + id));
      manifest.reset();
    }
    advise(plugin);
    read.push_back(std::move(manifest));
  };

  for (const std::filesystem::path& path : options_.lock_files) {
    PluginLock lock;
    try {
      lock = PluginLock::read(path);
    } catch (const Error& error) {
      add_refused(path, error);
    }
    for (const PluginLockEntry& entry : lock.plugins) {
      if (!decided.insert(entry.id).second) continue;
      PluginStatus status;
      status.id = entry.id;
      status.pinned_by = path.string();
      status.enabled_by = entry.enabled_by;
      status.enabled_at = entry.enabled_at;
      add(locate_pin(entry, options_.installed_directories), std::move(status));
    }
  }
  if (options_.policy != PluginPolicy::directory) return;
  for (const std::filesystem::path& folder : options_.installed_directories) {
    std::vector<std::filesystem::path> manifests;
    try {
      manifests = manifests_in(folder);
    } catch (const Error& error) {
      add_refused(folder, error);
    }
    for (const std::filesystem::path& path : manifests) {
      try {
        const PluginPin pin = pin_of(path, Writers::owner);
        const std::string id =
            read_manifest(read_manifest_file(path, Writers::owner), path.filename().string()).id;
        if (of_build.count(id) != 0 || !decided.insert(id).second) continue;
        PluginStatus status;
        status.id = id;
        status.pinned_by = folder.string();
        add(pin, std::move(status));
      } catch (const Error& error) {
        add_refused(path, error);
      }
    }
  }
}

void PluginRegistry::compare(PluginStatus& row, const Plugin& plugin,
                             const Manifest& manifest) const {
  const LibraryEntry* library = manifest.library_here();
  if (library == nullptr || row.state == "loaded" || !row.code.empty()) return;
  const bool idle = row.state == "not enabled";
  Plugin looked_at;
  looked_at.writers = plugin.writers;
  looked_at.status = std::move(row);
  const std::filesystem::path path = locate(plugin, library->file);
  if (!plugin.folder.empty()) looked_at.status.library = path.string();
  try {
    read_library(path, {library->file, library->size, library->sha256}, plugin.writers);
  } catch (const Error& error) {
    looked_at.status.library = path.string();
    refuse(looked_at, error);
    advise(looked_at);
    if (idle) {
      looked_at.status.state = "not enabled";
      looked_at.status.remedy =
          "install the plugin again, or libskops plugins remove " + looked_at.status.id;
    }
  }
  row = std::move(looked_at.status);
}

std::vector<PluginStatus> PluginRegistry::report() const {
  std::vector<PluginStatus> rows = status();
  for (std::size_t k = 0; k < manifests_.size(); ++k) {
    compare(rows[accepted_[k]], plugins_[accepted_[k]], manifests_[k]);
  }
  // Those that nobody has enabled.
  for (std::size_t k = plugins_.size(); k < rows.size(); ++k) {
    if (rows[k].manifest.empty() || !rows[k].code.empty()) continue;
    Plugin plugin;
    plugin.folder = std::filesystem::path(rows[k].manifest).parent_path();
    plugin.writers = Writers::owner;
    try {
      compare(rows[k], plugin,
              read_manifest(read_manifest_file(rows[k].manifest, Writers::owner), rows[k].id));
    } catch (const Error&) {
      // Changed since its row was made; the next report says how.
    }
  }
  return rows;
}

std::vector<PluginStatus> PluginRegistry::verify() const {
  // What was read before does not count: a registry of its own reads everything now.
  std::vector<PluginStatus> rows = PluginRegistry(pins_, options_).report();
  for (const PluginStatus& here : status()) {
    for (PluginStatus& row : rows) {
      const bool same = row.id == here.id && row.library == here.library && row.state == "pinned";
      if (same && here.state == "loaded") row.state = "loaded";
    }
  }
  return rows;
}

void PluginRegistry::advise(Plugin& plugin) {
  PluginStatus& status = plugin.status;
  if (plugin.writers != Writers::owner || status.state != "refused") return;
  if (status.code == "policy.manifest-changed" || status.code == "policy.library-changed") {
    status.remedy =
        "install the plugin that was enabled, or look at this one (libskops plugins info " +
        status.id + ") and enable it";
  } else if (status.code == "manifest.missing" || status.code == "library.missing" ||
             status.code == "library.changed") {
    // A library that is not the one of its manifest cannot be enabled.
    status.remedy = "install the plugin again, or libskops plugins disable " + status.id;
  }
}

void PluginRegistry::add_not_enabled(std::vector<PluginStatus>& rows) const {
  std::set<std::string> listed;
  for (const PluginStatus& row : rows) listed.insert(row.manifest);
  for (const std::filesystem::path& folder : options_.installed_directories) {
    std::vector<std::filesystem::path> manifests;
    try {
      manifests = manifests_in(folder);
    } catch (const Error& error) {
      Plugin refused;
      refused.status.id = folder.string();
      refuse(refused, error);
      const bool known = std::any_of(rows.begin(), rows.end(), [&](const PluginStatus& row) {
        return row.id == refused.status.id;
      });
      if (!known) rows.push_back(refused.status);
    }
    for (const std::filesystem::path& path : manifests) {
      if (!listed.insert(path.string()).second) continue;
      Plugin plugin;
      plugin.status.id = path.filename().string();
      bool of_build = false;
      try {
        const std::string text = read_manifest_file(path, Writers::owner);
        of_build = std::any_of(pins_.begin(), pins_.end(),
                               [&](const Pin& pin) { return pin.manifest == text; });
        if (!of_build) check_manifest(text, path.filename().string(), plugin);
      } catch (const Error& error) {
        refuse(plugin, error);
      }
      if (of_build) continue;
      plugin.status.state = "not enabled";
      plugin.status.manifest = path.string();
      rows.push_back(plugin.status);
    }
  }
}

}  // namespace skops
