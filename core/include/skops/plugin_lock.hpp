// Lock files: which installed plugins may run, by content, who said so and when.
//
//   { "lock_version": 1,
//     "plugins": [
//       { "id": "acme_outliers",
//         "manifest_sha256": "5d1c...", "library_sha256": "e0b7...",
//         "accept_proposals": false,
//         "enabled_by": "ana", "enabled_at": "2026-11-26T12:00:00Z" } ] }
//
// The system's is /etc/libskops/plugins.lock.json, a user's ~/.config/libskops/plugins.lock.json;
// `libskops plugins enable` writes them. A plugin without a library has an empty `library_sha256`.
//
// Reading is strict: UTF-8 JSON, every key once and none besides these, hashes in 64 lower-case
// digits, each id once; errors name the line and the column. The file must be a regular one that
// nobody but root and the user can write, in a folder of which the same holds. Everything else is
// skops::Error (family plugin): `lock.malformed`, `lock.version`, `lock.unreadable`, `file.unsafe`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace skops {

// What is read of installed plugins at most; more is an error.
struct PluginLimits {
  // A lock file that is all brackets or texts.
  std::uint64_t lock_bytes = std::uint64_t{1} << 20;
  // Pins without end: each costs two files at the first use of a host.
  std::uint64_t lock_plugins = 1000;
  // A folder of plugins that is full of other things.
  std::uint64_t folder_entries = 10000;
};

// Lower-case letters, digits, _ and -, at most 64.
bool is_plugin_id(std::string_view id);

struct PluginLockEntry {
  std::string id, manifest_sha256;
  std::string library_sha256 = {};  // empty for a manifest alone
  // Whether the names that the manifest proposes to trust need no rule.
  bool accept_proposals = false;
  std::string enabled_by = {}, enabled_at = {};  // for people: nothing depends on them
};

struct PluginLock {
  std::vector<PluginLockEntry> plugins;  // sorted by id

  const PluginLockEntry* find(std::string_view id) const;

  // A file that is not there pins nothing.
  static PluginLock read(const std::filesystem::path& path);
  // `origin` names the text in errors.
  static PluginLock parse(std::string_view text, std::string_view origin);
  std::string text() const;
};

}  // namespace skops
