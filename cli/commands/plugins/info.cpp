#include <memory>
#include <string>

#include "commands/plugins/plugin_text.hpp"
#include "commands/plugins/subcommands.hpp"
#include "skops/error.hpp"
#include "skops/host.hpp"

namespace skops_cli {
namespace {

// What the host makes of the plugin; for one of several versions, of the one that may run.
skops::PluginStatus row_of(const skops::Host& host, const std::string& id) {
  skops::PluginStatus found;
  for (const skops::PluginStatus& row : host.plugins()) {
    if (row.id == id && (found.id.empty() || found.state == "not enabled")) found = row;
  }
  return found;
}

int info(const Options& options, const std::string& id, Output& out) {
  const skops::Host host(options.locations.host_options());
  const skops::PluginStatus row = row_of(host, id);
  if (row.pinned_by == "build") {
    if (options.json) {
      out << "{\"status\": " << json_of(row) << "}\n";
    } else {
      out << row.id << " " << row.version << ": " << row.state
          << ", comes with libskops and was pinned by its build\n";
    }
    return 0;
  }
  const Locations& at = options.locations;
  const skops::InstalledPlugin plugin = plugin_store(options, at.user_plugins.empty()).find(id);
  if (options.json) {
    out << "{\"status\": " << json_of(row) << ",\n \"plugin\": " << json_of(plugin) << "}\n";
  } else {
    write_files(plugin, out);
    out << "  " << row.state;
    if (!row.pinned_by.empty()) {
      out << " by " << skops::printable(row.enabled_by) << " at "
          << skops::printable(row.enabled_at) << " in " << skops::printable(row.pinned_by, 4096);
    }
    out << "\n";
    if (!row.code.empty()) {
      out << "  " << skops::printable(row.text, 4096) << "; " << skops::printable(row.remedy, 4096)
          << " [" << row.code << "]\n";
    }
    const bool runs = row.state == "pinned" || row.state == "loaded";
    write_code(plugin, runs ? "may run" : "would run", out);
    write_names(plugin, runs && row.accept_proposals, out);
  }
  return row.state == "refused" ? static_cast<int>(skops::Family::plugin) : 0;
}

}  // namespace

void add_plugins_info(CLI::App& plugins, Options& options) {
  auto* command =
      plugins.add_subcommand("info", "what a plugin is, what it would run, and what it proposes");
  const auto id = std::make_shared<std::string>();
  add_id(*command, *id);
  run_as(*command, options, id, info);
}

}  // namespace skops_cli
