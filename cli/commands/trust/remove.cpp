#include <memory>

#include "commands/trust/trust.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

// Where else the rule stands, in what this command does not write.
std::string elsewhere(const Options& options, const skops::Rule& rule) {
  const skops::Policy policy = policy_files(options).policy;
  for (const skops::Rule& known : policy.rules()) {
    if (known.effect == rule.effect && known.kind == rule.kind && known.name == rule.name) {
      return "it stands in " + known.origin;
    }
  }
  return "'libskops trust list' shows the rules";
}

int remove(const Options& options, const RuleWords& words, Output& out) {
  const skops::Rule rule = rule_of(words);
  const auto where = skops::PolicyLocations::in(options.locations);
  if (!skops::remove_user_rule(where, rule)) {
    throw skops::Error(skops::Family::usage, "policy.no-rule",
                       where.user.string() + " has no rule '" + text_of(rule) + "'", {},
                       elsewhere(options, rule));
  }
  if (options.json) {
    out << "{\"removed\": true, \"rule\": " << json_of(rule)
        << ", \"file\": " << json_string(where.user.string()) << "}\n";
    return 0;
  }
  out << "removed from " << skops::printable(where.user.string(), 1000) << ": " << text_of(rule)
      << "\n";
  return 0;
}

}  // namespace

void add_trust_remove(CLI::App& trust, Options& options) {
  const auto words = std::make_shared<RuleWords>();
  auto* command = trust.add_subcommand("remove", "removes a rule from the user's policy");
  command->add_option("NAME", words->name, "as in the rule")->required()->type_name("");
  command
      ->add_option("--version", words->version,
                   "just the rule with this range; otherwise those with any")
      ->type_name("RANGE");
  command->add_flag("--deny", words->deny, "a rule that denies");
  run_as(*command, options, words, remove);
}

}  // namespace skops_cli
