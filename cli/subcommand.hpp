// How a subcommand, `libskops plugins enable`, is declared: its options are bound to a value of its
// own, and it runs with that value if it is the one that was given.
//
//   auto* command = plugins.add_subcommand("enable", "let a plugin's code run");
//   const auto given = std::make_shared<Given>();
//   add_id(*command, given->id);
//   run_as(*command, options, given, enable);   // int enable(const Options&, const Given&,
//   Output&)
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "options.hpp"
#include "output.hpp"

namespace skops_cli {

// Adds --json, too, which every command takes.
inline void run_as(CLI::App& command, Options& options,
                   std::function<int(const Options&, Output&)> run) {
  command.add_flag("--json", options.json, "write JSON on standard output");
  command.callback([&options, run = std::move(run)] { options.subcommand = run; });
}

template <class Given>
void run_as(CLI::App& command, Options& options, std::shared_ptr<Given> given,
            int (*run)(const Options&, const Given&, Output&)) {
  run_as(command, options,
         [given, run](const Options& all, Output& out) { return run(all, *given, out); });
}

}  // namespace skops_cli
