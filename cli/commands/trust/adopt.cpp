#include <memory>

#include "commands/trust/project.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"

namespace skops_cli {

std::filesystem::path project_file(const std::string& folder, const Options& options) {
  if (!folder.empty()) return std::filesystem::path(folder) / ".libskops/policy.json";
  const auto where = skops::PolicyLocations::in(options.locations);
  std::filesystem::path found = skops::find_project_file(where.start);
  if (found.empty()) {
    throw skops::Error(skops::Family::usage, "policy.no-project",
                       "neither this folder nor one above it has a .libskops/policy.json", {},
                       "name the folder of the project");
  }
  return found;
}

namespace {

int adopt(const Options& options, const std::string& folder, Output& out) {
  const std::filesystem::path file = project_file(folder, options);
  const skops::Policy policy =
      skops::adopt_project(skops::PolicyLocations::in(options.locations), file);
  if (options.json) {
    std::vector<std::string> rules;
    for (const skops::Rule& rule : policy.rules()) rules.push_back(json_of(rule));
    out << "{\"adopted\": " << json_string(file.string()) << ", \"rules\": " << json_list(rules)
        << "}\n";
    return 0;
  }
  out << "adopted " << skops::printable(file.string(), 1000) << "; until it is changed it says\n";
  for (const skops::Rule& rule : policy.rules()) {
    const bool denies = rule.effect == skops::Rule::Effect::deny;
    out.styled(denies ? Style::red : Style::green, (denies ? "x " : "+ ") + text_of(rule));
    if (!rule.reason.empty()) out << ": " << rule.reason;
    out << "\n";
  }
  return 0;
}

}  // namespace

void add_trust_adopt(CLI::App& trust, Options& options) {
  const auto folder = std::make_shared<std::string>();
  auto* command =
      trust.add_subcommand("adopt", "lets a project's .libskops/policy.json count, as it is now");
  command->add_option("DIR", *folder, "the project; default: the nearest one, upwards")
      ->type_name("");
  run_as(*command, options, folder, adopt);
}

}  // namespace skops_cli
