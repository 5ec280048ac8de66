#include <memory>

#include "commands/plugins/plugin_text.hpp"
#include "commands/plugins/subcommands.hpp"
#include "skops/error.hpp"
#include "skops/host.hpp"

namespace skops_cli {
namespace {

void write_row(const skops::PluginStatus& row, Output& out) {
  const bool bad = row.state == "refused", idle = row.state == "not enabled";
  out.styled(Style::bold, skops::printable(row.id, 1000));
  if (!row.version.empty()) out << " " << skops::printable(row.version);
  out << ": ";
  out.styled(bad ? Style::red : idle ? Style::yellow : Style::green, row.state);
  if (idle) {
    out << ", " << skops::printable(row.manifest, 4096);
  } else if (!row.library.empty()) {
    out << ", " << skops::printable(row.library, 4096);
  }
  if (!row.enabled_by.empty()) {
    out << ", enabled by " << skops::printable(row.enabled_by) << " at "
        << skops::printable(row.enabled_at);
  }
  out << "\n";
  if (row.code.empty()) return;
  out << "    " << skops::printable(row.text, 4096);
  if (!row.remedy.empty()) out << "; " << skops::printable(row.remedy, 4096);
  out << " [" << row.code << "]\n";
}

int list(const Options& options, bool load, Output& out) {
  const skops::Host host(options.locations.host_options());
  const auto rows = load ? host.load_plugins() : host.plugins();
  bool refused = false;
  for (const skops::PluginStatus& row : rows) refused |= row.state == "refused";
  if (options.json) {
    out << "{\"plugins\": " << json_of(rows) << "}\n";
  } else {
    for (const skops::PluginStatus& row : rows) write_row(row, out);
  }
  return refused ? static_cast<int>(skops::Family::plugin) : 0;
}

void add_options(CLI::App& command, Options& options, const std::shared_ptr<bool>& load) {
  command.add_flag("--load", *load, "map all that may run and say what happened");
  command.add_flag("--json", options.json, "write JSON on standard output");
}

}  // namespace

void add_plugins_list(CLI::App& plugins, Options& options) {
  const auto load = std::make_shared<bool>(false);
  auto* command = plugins.add_subcommand("list", "what is installed, and what may run");
  add_options(*command, options, load);
  // `libskops plugins` alone is the list, too, with the same options; it runs where no other
  // subcommand takes its place.
  add_options(plugins, options, load);
  options.subcommand = [load](const Options& all, Output& out) { return list(all, *load, out); };
}

}  // namespace skops_cli
