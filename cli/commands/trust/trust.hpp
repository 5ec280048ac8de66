// `libskops trust`: the policy files, and what they say. What its subcommands share.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "options.hpp"
#include "output.hpp"
#include "skops/audit.hpp"
#include "skops/policy_files.hpp"
#include "skops/trust.hpp"
#include "subcommand.hpp"

namespace skops_cli {

CLI::App* add_trust(CLI::App& app, Options& options);
// --policy FILE.
void add_policy_option(CLI::App& command, Options& options);

// The subcommands, one file each: its options, and what runs when it is given (subcommand.hpp).
void add_trust_list(CLI::App& trust, Options& options);
void add_trust_add(CLI::App& trust, Options& options);
void add_trust_remove(CLI::App& trust, Options& options);
void add_trust_suggest(CLI::App& trust, Options& options);
void add_trust_check(CLI::App& trust, Options& options);
void add_trust_adopt(CLI::App& trust, Options& options);
void add_trust_revoke(CLI::App& trust, Options& options);
void add_trust_explain(CLI::App& trust, Options& options);

// The files of the layers, and those of --policy after them.
skops::PolicyFiles policy_files(const Options& options);

// What `trust add` and `trust remove` are given, as a rule of the user's file.
struct RuleWords {
  std::string name, version, reason;
  bool deny = false;
};
skops::Rule rule_of(const RuleWords& words);

// "allow xgboost >=2,<4", and as an object of JSON.
std::string text_of(const skops::Rule& rule);
std::string json_of(const skops::Rule& rule);
// {"name": …, "use": …, "decision": …, "rule": …, "library": …, "paths": […]}, and "places", where
// the name comes from a file: the paths as users of the object write them.
std::string json_of(const skops::AuditedName& name, const skops::Audit* audit = nullptr);
// `Pipeline.steps[0][1].func`, as `libskops audit` has it; printable.
std::string place_of(const skops::Audit& audit, const std::string& path);
std::string json_list(const std::vector<std::string>& items);
// "xgboost.core.Booster, as object: declared by xgboost, which nobody has opted in"
std::string line_of(const skops::AuditedName& name);
// A word that a shell takes as it is.
std::string shell_word(const std::string& text);

}  // namespace skops_cli
