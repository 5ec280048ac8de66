// Installed plugins: manifests with their libraries in folders that a host names, and the pins that
// lock files have for them.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "skops/host.hpp"
#include "skops/plugin_lock.hpp"

namespace skops {

// The file of a plugin with this id: `acme.skops-plugin.json`.
std::string manifest_file_name(std::string_view id);

// Every manifest of a folder, sorted by name; none where there is no such folder. The name is all
// that was looked at: what has it may be a link or a folder. Throws skops::Error (plugin):
// `file.unsafe`, `limit.folder_entries`.
std::vector<std::filesystem::path> manifests_in(const std::filesystem::path& folder);

// The manifest that an entry of a lock file means: in the first folder that has one of the pinned
// content. Without any such the first file of this name, which will be refused with both hashes;
// with none at all the place where it should be.
PluginPin locate_pin(const PluginLockEntry& entry, std::span<const std::filesystem::path> folders);

}  // namespace skops
