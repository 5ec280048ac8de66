#include "commands/plugins/plugin_text.hpp"
#include "commands/plugins/subcommands.hpp"
#include "skops/error.hpp"
#include "skops/host.hpp"

namespace skops_cli {
namespace {

int verify(const Options& options, Output& out) {
  const skops::Host host(options.locations.host_options());
  const auto rows = host.verify_plugins();
  std::size_t wrong = 0;
  for (const skops::PluginStatus& row : rows) wrong += row.code.empty() ? 0 : 1;
  const int status = wrong == 0 ? 0 : static_cast<int>(skops::Family::plugin);
  if (options.json) {
    out << "{\"ok\": " << (wrong == 0 ? "true" : "false") << ", \"plugins\": " << json_of(rows)
        << "}\n";
    return status;
  }
  for (const skops::PluginStatus& row : rows) {
    out.styled(Style::bold, skops::printable(row.id, 1000)) << ": ";
    if (row.code.empty()) {
      const bool idle = row.state == "not enabled";
      out.styled(Style::green, idle ? "complete, not enabled" : "as pinned") << "\n";
      continue;
    }
    out.styled(Style::red, "wrong") << ": " << skops::printable(row.text, 4096);
    if (!row.remedy.empty()) out << "; " << skops::printable(row.remedy, 4096);
    out << " [" << row.code << "]\n";
  }
  return status;
}

}  // namespace

void add_plugins_verify(CLI::App& plugins, Options& options) {
  auto* command = plugins.add_subcommand(
      "verify", "compare every manifest and library with what is pinned; runs none of them");
  run_as(*command, options, verify);
}

}  // namespace skops_cli
