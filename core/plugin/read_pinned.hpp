// The manifest of a plugin that a host or a lock file pins, read without a gap between check and
// use: the file is opened once without following a link, read once, hashed, and exactly these bytes
// are parsed by the caller.
#pragma once

#include <filesystem>
#include <string>

#include "plugin/plugin_file.hpp"
#include "skops/host.hpp"

namespace skops {

// The text of the manifest. Throws skops::Error (family plugin): `manifest.missing`,
// `manifest.malformed` (too large), `policy.manifest-changed`, `policy.bad-pin`, `file.unsafe`.
std::string read_pinned_manifest(const PluginPin& pin, Writers writers = Writers::anyone);

// The text of any manifest file, whatever its hash.
std::string read_manifest_file(const std::filesystem::path& path,
                               Writers writers = Writers::anyone);

// The pin of the files as they are now.
PluginPin pin_of(const std::filesystem::path& manifest, Writers writers);

}  // namespace skops
