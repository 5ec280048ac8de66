#include <memory>
#include <string>

#include "commands/plugins/plugin_text.hpp"
#include "commands/plugins/subcommands.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

struct Given {
  std::string id;
  bool accept = false, system = false;
};

int enable(const Options& options, const Given& given, Output& out) {
  const skops::PluginStore store = plugin_store(options, given.system);
  // What is shown below is what was pinned.
  const skops::InstalledPlugin plugin = store.find(given.id);
  const skops::PluginLockEntry entry = store.enable(plugin, given.accept);
  const Locations& at = options.locations;
  const std::string lock = (given.system ? at.system_lock() : at.user_lock()).string();
  if (options.json) {
    out << "{\"enabled\": " << json_of(entry) << ",\n \"lock_file\": ";
    out << json_string(lock) << ",\n \"plugin\": " << json_of(plugin) << "}\n";
    return 0;
  }
  write_files(plugin, out);
  out << "is enabled in " << skops::printable(lock, 4096) << "\n";
  write_code(plugin, "may run", out);
  write_names(plugin, entry.accept_proposals, out);
  return 0;
}

}  // namespace

void add_plugins_enable(CLI::App& plugins, Options& options) {
  auto* command = plugins.add_subcommand(
      "enable", "let a plugin's code run, as its files are now; its names are a decision apart");
  const auto given = std::make_shared<Given>();
  add_id(*command, given->id);
  command->add_flag("--accept-proposals", given->accept,
                    "also trust the names that it proposes, without a rule");
  add_system(*command, given->system);
  run_as(*command, options, given, enable);
}

}  // namespace skops_cli
