#include <memory>
#include <string>

#include "commands/plugins/plugin_text.hpp"
#include "commands/plugins/subcommands.hpp"

namespace skops_cli {
namespace {

struct Given {
  std::string id;
  bool system = false;
};

int disable(const Options& options, const Given& given, Output& out) {
  const skops::PluginLockEntry entry = plugin_store(options, given.system).disable(given.id);
  if (options.json) {
    out << "{\"disabled\": " << json_of(entry) << "}\n";
  } else {
    out << entry.id << " is not enabled any more; its files stay (libskops plugins remove "
        << entry.id << ")\n";
  }
  return 0;
}

}  // namespace

void add_plugins_disable(CLI::App& plugins, Options& options) {
  auto* command = plugins.add_subcommand("disable", "let a plugin's code run no more");
  const auto given = std::make_shared<Given>();
  add_id(*command, given->id);
  add_system(*command, given->system);
  run_as(*command, options, given, disable);
}

}  // namespace skops_cli
