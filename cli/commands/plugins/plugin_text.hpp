// What the subcommands of `libskops plugins` share: the store that they work on, and plugins as
// text and as JSON. Native code and names are two decisions, so they are two paragraphs.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "options.hpp"
#include "output.hpp"
#include "skops/host.hpp"
#include "skops/plugin_store.hpp"

namespace skops_cli {

// The user's plugins and lock file, or those of the system.
skops::PluginStore plugin_store(const Options& options, bool system);

void add_id(CLI::App& command, std::string& id);
void add_system(CLI::App& command, bool& system);

// "id 1.0.0", and where its files are.
void write_files(const skops::InstalledPlugin& plugin, Output& out);
// Decision 1. `verb` is "may run" or "would run".
void write_code(const skops::InstalledPlugin& plugin, const std::string& verb, Output& out);
// Decision 2: `accepted` of those that it proposes.
void write_names(const skops::InstalledPlugin& plugin, bool accepted, Output& out);

// {"id": …}
std::string json_of(const skops::InstalledPlugin& plugin);
std::string json_of(const skops::PluginLockEntry& entry);
std::string json_of(const skops::PluginStatus& row);
// [row, …], a line each.
std::string json_of(const std::vector<skops::PluginStatus>& rows);

}  // namespace skops_cli
