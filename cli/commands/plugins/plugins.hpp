// `libskops plugins`: what leads to its subcommands.
#pragma once

#include <CLI/CLI.hpp>

#include "options.hpp"

namespace skops_cli {

void add_plugins(CLI::App& app, Options& options);

}  // namespace skops_cli
