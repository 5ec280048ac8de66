// Files of plugins and the folders that hold them, opened by the rules of support/trusted_file.hpp
// for the effective user. Errors are of the family plugin.
#pragma once

#include <filesystem>
#include <optional>

#include "support/trusted_file.hpp"

namespace skops {

enum class Writers {
  anyone,  // the content is pinned by value: who can write it does not matter
  owner,   // root or the effective user alone
};

// What to say of a file that is not there, cannot be read, or is no regular one.
struct Missing {
  const char* code;
  std::string remedy;
};

// Throws skops::Error: `missing.code`, `file.unsafe`.
OpenFile open_plugin_file(const std::filesystem::path& path, Writers writers,
                          const Missing& missing);

// The same in an open folder, for the owner alone; nothing where the file is not there.
std::optional<OpenFile> open_plugin_file_in(const Descriptor& folder,
                                            const std::filesystem::path& path,
                                            const Missing& missing);

// -1 where there is none. Throws `file.unsafe`.
Descriptor open_plugin_folder(const std::filesystem::path& folder);

}  // namespace skops
