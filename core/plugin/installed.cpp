#include "plugin/installed.hpp"

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "plugin/plugin_file.hpp"
#include "plugin/read_pinned.hpp"
#include "plugin/sha256.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

constexpr std::string_view ending = ".skops-plugin.json";

struct Listing {
  DIR* stream;
  ~Listing() {
    if (stream != nullptr) ::closedir(stream);
  }
};

}  // namespace

std::string manifest_file_name(std::string_view id) {
  return std::string(id).append(ending);
}

std::vector<std::filesystem::path> manifests_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> out;
  Descriptor open = open_plugin_folder(folder);
  if (open.get() < 0) return out;
  const Listing listing{::fdopendir(open.get())};
  if (listing.stream == nullptr) {
    throw Error(Family::plugin, "file.unsafe", folder.string() + ": " + std::strerror(errno));
  }
  open.keep();
  const std::uint64_t most = PluginLimits().folder_entries;
  std::uint64_t seen = 0;
  while (const dirent* entry = ::readdir(listing.stream)) {
    if (++seen > most) {
      throw Error(Family::plugin, "limit.folder_entries",
                  folder.string() + " has more than " + std::to_string(most) + " entries", {},
                  "keep nothing but plugins there");
    }
    const std::string_view name = entry->d_name;
    if (name.size() > ending.size() && name.ends_with(ending) && name.front() != '.') {
      out.push_back(folder / name);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

PluginPin locate_pin(const PluginLockEntry& entry, std::span<const std::filesystem::path> folders) {
  const std::string name = manifest_file_name(entry.id);
  std::optional<std::filesystem::path> found;
  for (const std::filesystem::path& folder : folders) {
    std::error_code error;
    const std::filesystem::path path = folder / name;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path, error))) continue;
    if (!found) found = path;
    try {
      const std::string text = read_manifest_file(path, Writers::owner);
      if (sha256_hex(std::as_bytes(std::span(text.data(), text.size()))) != entry.manifest_sha256) {
        continue;
      }
      found = path;
      break;
    } catch (const Error&) {
      // Not this one. If no other folder has it, reading it again says why.
    }
  }
  if (!found) found = folders.empty() ? std::filesystem::path(name) : folders.front() / name;
  return {.manifest = *found,
          .manifest_sha256 = entry.manifest_sha256,
          .library_sha256 = entry.library_sha256,
          .accept_proposals = entry.accept_proposals};
}

}  // namespace skops
