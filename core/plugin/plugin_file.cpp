#include "plugin/plugin_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace skops {
namespace {

FileErrors errors_of(const Missing& missing) {
  const FileErrors::Kind kind{Family::plugin, missing.code, missing.remedy};
  return {{Family::plugin, "file.unsafe"}, kind, kind};
}

}  // namespace

Descriptor open_plugin_folder(const std::filesystem::path& folder) {
  return open_trusted_folder(folder, ::geteuid(),
                             errors_of({"file.unsafe", "make it a folder of your own"}));
}

std::optional<OpenFile> open_plugin_file_in(const Descriptor& folder,
                                            const std::filesystem::path& path,
                                            const Missing& missing) {
  return open_trusted_file(folder, path, ::geteuid(), errors_of(missing));
}

OpenFile open_plugin_file(const std::filesystem::path& path, Writers writers,
                          const Missing& missing) {
  std::optional<OpenFile> file;
  if (writers == Writers::anyone) {
    file = open_regular_file(path, errors_of(missing));
  } else {
    const Descriptor folder = open_plugin_folder(path.has_parent_path() ? path.parent_path() : ".");
    if (folder.get() >= 0) file = open_plugin_file_in(folder, path, missing);
  }
  if (file) return std::move(*file);
  throw Error(Family::plugin, missing.code, path.string() + ": " + std::strerror(ENOENT), {},
              missing.remedy);
}

}  // namespace skops
