// Files that become visible whole or not at all, in folders that only their owner can write.
#pragma once

#include <filesystem>
#include <span>

namespace skops {

// Makes the folder and those above it that are missing, for the owner alone to write.
void make_folders(const std::filesystem::path& folder);

// The bytes under a temporary name beside `path`, flushed, then renamed over whatever has the name:
// a link is replaced, not followed. `mode` are the permissions. Throws skops::Error: `file.unsafe`
// where the folder is (plugin_file.hpp), `file.write` (input).
void replace_file(const std::filesystem::path& path, std::span<const std::byte> bytes,
                  unsigned mode);

}  // namespace skops
