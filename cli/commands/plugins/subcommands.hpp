// The subcommands of `libskops plugins`, one file each. `add_plugins_NAME` declares the options of
// one and what runs when it is given (subcommand.hpp). A new one is a file, a line here, and a line
// in the table of plugins.cpp.
#pragma once

#include <CLI/CLI.hpp>

#include "options.hpp"
#include "output.hpp"
#include "subcommand.hpp"

namespace skops_cli {

void add_plugins_list(CLI::App& plugins, Options& options);
void add_plugins_info(CLI::App& plugins, Options& options);
void add_plugins_install(CLI::App& plugins, Options& options);
void add_plugins_verify(CLI::App& plugins, Options& options);
void add_plugins_enable(CLI::App& plugins, Options& options);
void add_plugins_disable(CLI::App& plugins, Options& options);
void add_plugins_remove(CLI::App& plugins, Options& options);
void add_plugins_new(CLI::App& plugins, Options& options);
void add_plugins_validate(CLI::App& plugins, Options& options);

}  // namespace skops_cli
