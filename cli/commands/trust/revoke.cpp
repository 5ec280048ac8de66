#include <memory>

#include "commands/trust/project.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

int revoke(const Options& options, const std::string& folder, Output& out) {
  const std::filesystem::path file = project_file(folder, options);
  if (!skops::revoke_project(skops::PolicyLocations::in(options.locations), file)) {
    throw skops::Error(skops::Family::usage, "policy.no-project", file.string() + " is not adopted",
                       {}, "'libskops trust list' shows the files");
  }
  if (options.json) {
    out << "{\"revoked\": " << json_string(file.string()) << "}\n";
    return 0;
  }
  out << "revoked " << skops::printable(file.string(), 1000) << "; it counts for nothing now\n";
  return 0;
}

}  // namespace

void add_trust_revoke(CLI::App& trust, Options& options) {
  const auto folder = std::make_shared<std::string>();
  auto* command =
      trust.add_subcommand("revoke", "takes back that a project's .libskops/policy.json counts");
  command->add_option("DIR", *folder, "the project; default: the nearest one, upwards")
      ->type_name("");
  run_as(*command, options, folder, revoke);
}

}  // namespace skops_cli
