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
  bool system = false;
};

int remove(const Options& options, const Given& given, Output& out) {
  const auto files = plugin_store(options, given.system).remove(given.id);
  if (options.json) {
    out << "{\"id\": " << json_string(given.id) << ", \"removed\": [";
    const char* separator = "";
    for (const auto& file : files) {
      out << separator << json_string(file.string());
      separator = ", ";
    }
    out << "]}\n";
    return 0;
  }
  out << given.id << " is removed:\n";
  for (const auto& file : files) out << "  " << skops::printable(file.string(), 4096) << "\n";
  return 0;
}

}  // namespace

void add_plugins_remove(CLI::App& plugins, Options& options) {
  auto* command = plugins.add_subcommand("remove", "delete a plugin's files, and disable it");
  const auto given = std::make_shared<Given>();
  add_id(*command, given->id);
  add_system(*command, given->system);
  run_as(*command, options, given, remove);
}

}  // namespace skops_cli
