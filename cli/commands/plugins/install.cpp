#include <memory>
#include <string>

#include "commands/plugins/plugin_text.hpp"
#include "commands/plugins/subcommands.hpp"

namespace skops_cli {
namespace {

struct Given {
  std::string source;
  bool system = false;
};

int install(const Options& options, const Given& given, Output& out) {
  const skops::InstalledPlugin plugin = plugin_store(options, given.system).install(given.source);
  if (options.json) {
    out << "{\"installed\": " << json_of(plugin) << "}\n";
    return 0;
  }
  write_files(plugin, out);
  out << "is installed, and not enabled: nothing of it runs yet.\n";
  write_code(plugin, "would run", out);
  write_names(plugin, false, out);
  out << "to enable it: libskops plugins enable " << plugin.id << (given.system ? " --system" : "")
      << "\n";
  return 0;
}

}  // namespace

void add_plugins_install(CLI::App& plugins, Options& options) {
  auto* command = plugins.add_subcommand(
      "install", "copy a plugin into your folder of plugins, after checking it; enables nothing");
  const auto given = std::make_shared<Given>();
  command
      ->add_option(
          "SOURCE", given->source,
          "its .skops-plugin.json, with the library beside it, or the folder of the two; or a "
          "built repository of `plugins new`")
      ->required()
      ->type_name("");
  add_system(*command, given->system);
  run_as(*command, options, given, install);
}

}  // namespace skops_cli
