#include <memory>

#include "commands/plugins/subcommands.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"
#include "skops/host.hpp"

namespace skops_cli {
namespace {

void write_json(const std::vector<skops::PluginStatus>& rows, Output& out) {
  out << "{\"plugins\": [";
  const char* separator = "";
  for (const skops::PluginStatus& row : rows) {
    out << separator << "\n {\"id\": " << json_string(row.id)
        << ", \"version\": " << json_string(row.version)
        << ", \"state\": " << json_string(row.state)
        << ", \"library\": " << json_string(row.library) << ", \"code\": " << json_string(row.code)
        << ", \"text\": " << json_string(row.text) << ", \"remedy\": " << json_string(row.remedy)
        << "}";
    separator = ",";
  }
  out << "]}\n";
}

int list(const Options& options, bool load, Output& out) {
  const skops::Host host;
  const auto rows = load ? host.load_plugins() : host.plugins();
  bool refused = false;
  for (const skops::PluginStatus& row : rows) refused |= row.state == "refused";
  const int status = refused ? static_cast<int>(skops::Family::plugin) : 0;
  if (options.json) {
    write_json(rows, out);
    return status;
  }
  for (const skops::PluginStatus& row : rows) {
    const bool bad = row.state == "refused";
    out.styled(Style::bold, skops::printable(row.id))
        << " " << skops::printable(row.version) << ": ";
    out.styled(bad ? Style::red : Style::green, row.state);
    if (!row.library.empty()) out << ", " << skops::printable(row.library, 1000);
    out << "\n";
    if (bad) {
      out << "    " << skops::printable(row.text, 1000);
      if (!row.remedy.empty()) out << "; " << skops::printable(row.remedy, 1000);
      out << " [" << row.code << "]\n";
    }
  }
  return status;
}

void add_options(CLI::App& command, Options& options, const std::shared_ptr<bool>& load) {
  command.add_flag("--load", *load, "map them all and say what happened");
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
