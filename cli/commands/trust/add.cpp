#include <memory>

#include "commands/trust/trust.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

// What the new rule brings about, or why it has no effect.
std::string note_on(const skops::Rule& rule, const Options& options,
                    const skops::PolicyLocations& where) {
  const skops::Host host(options.locations.host_options());
  for (const auto& row : skops::effective_rules(host, skops::read_policy_files(where).policy)) {
    const bool this_one = row.rule.layer == skops::Layer::user && row.rule.effect == rule.effect &&
                          row.rule.kind == rule.kind && row.rule.name == rule.name &&
                          row.rule.version == rule.version;
    if (this_one && !row.shadowed.empty()) return "without effect: " + row.shadowed;
  }
  if (rule.kind != skops::Rule::Kind::library || rule.effect == skops::Rule::Effect::deny)
    return {};
  for (const skops::Library& library : skops::libraries(host)) {
    if (library.id != rule.name) continue;
    std::string out = "that is " + std::to_string(library.by_default + library.opt_in) +
                      " names, which the plugin " + library.id + ' ' + library.version +
                      " declares";
    const std::string releases = library.releases();
    return releases.empty() ? out : out + " for " + releases;
  }
  return {};
}

int add(const Options& options, const RuleWords& words, Output& out) {
  const skops::Rule rule = rule_of(words);
  if (rule.effect == skops::Rule::Effect::allow) {
    const std::string why = skops::standing_refusal(
        rule.kind == skops::Rule::Kind::prefix ? rule.name + ".x" : rule.name);
    if (!why.empty()) {
      throw skops::Error(skops::Family::usage, "policy.refused-name",
                         rule.text() + " is always refused: " + why, {},
                         "no rule allows it; only the code of a host can, by trust_refused");
    }
  }
  const auto where = skops::PolicyLocations::in(options.locations);
  const bool added = skops::add_user_rule(where, rule);
  const std::string note = note_on(rule, options, where);
  if (options.json) {
    out << "{\"added\": " << (added ? "true" : "false") << ", \"rule\": " << json_of(rule)
        << ", \"file\": " << json_string(where.user.string()) << ", \"note\": " << json_string(note)
        << "}\n";
    return 0;
  }
  out << (added ? "added to " : "already in ") << skops::printable(where.user.string(), 1000)
      << ": " << text_of(rule) << "\n";
  if (!note.empty()) out << "    " << skops::printable(note, 1000) << "\n";
  return 0;
}

}  // namespace

void add_trust_add(CLI::App& trust, Options& options) {
  const auto words = std::make_shared<RuleWords>();
  auto* command = trust.add_subcommand("add", "writes a rule into the user's policy");
  command
      ->add_option("NAME", words->name,
                   "a library (xgboost), a type (pkg.module.Class) or pkg.module.*")
      ->required()
      ->type_name("");
  command->add_option("--version", words->version, "releases of the library, as '>=2,<4'")
      ->type_name("RANGE");
  command->add_flag("--deny", words->deny, "a rule that denies");
  command->add_option("--reason", words->reason, "why, for those who read the policy")
      ->type_name("TEXT");
  run_as(*command, options, words, add);
}

}  // namespace skops_cli
