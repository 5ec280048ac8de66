#include "commands/plugins/plugins.hpp"

#include "commands/plugins/subcommands.hpp"

namespace skops_cli {

void add_plugins(CLI::App& app, Options& options) {
  CLI::App* plugins =
      app.add_subcommand("plugins", "the plugins that this command may run; alone: list");
  plugins->require_subcommand(0, 1);
  const auto subcommands = {
      add_plugins_list,   add_plugins_info,   add_plugins_install,
      add_plugins_verify, add_plugins_enable, add_plugins_disable,
      add_plugins_remove, add_plugins_new,    add_plugins_validate,
  };
  for (const auto add : subcommands) add(*plugins, options);
  plugins->callback([plugins] {
    const bool several = !plugins->get_subcommands().empty() && plugins->count("--load") > 0;
    if (several) throw CLI::ValidationError("--load", "is for `libskops plugins list` alone");
  });
}

int plugins(const Options& options, Output& out) {
  return options.subcommand(options, out);
}

}  // namespace skops_cli
