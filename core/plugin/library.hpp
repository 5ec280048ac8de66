// Mapping a plugin's shared library without a gap between check and use.
//
// The file is opened once without following links, must be a regular file of the announced size,
// is read once, hashed, and compared with the pin; exactly these bytes go into a sealed memory file
// and are loaded from there. Where memory files cannot be executed, a private copy in a fresh
// directory that only the owner can enter takes its place. Mapped libraries are kept for the life
// of the process, keyed by hash: the only process-wide state of the core.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "plugin/plugin_file.hpp"

extern "C" {
struct skops_plugin;
}

namespace skops {

struct LibraryPin {
  std::string file;    // a file name, no path
  std::uint64_t size;  // bytes
  std::string sha256;  // lower-case hexadecimal
};

// The entry struct of the library at `path`. Throws skops::Error (family plugin):
// `library.missing`, `library.changed`, `file.unsafe`, `library.load`, `entry.missing`. A library
// that was mapped before is known by its hash; its file is not looked at again. Any thread.
const skops_plugin* map_library(const std::filesystem::path& path, const LibraryPin& pin,
                                Writers writers = Writers::anyone);

// The bytes of the file after the same checks; nothing is mapped, none of its code runs.
std::vector<std::byte> read_library(const std::filesystem::path& path, const LibraryPin& pin,
                                    Writers writers);

}  // namespace skops
