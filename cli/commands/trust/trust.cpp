#include "commands/trust/trust.hpp"

#include "json_text.hpp"
#include "skops/error.hpp"

namespace skops_cli {

CLI::App* add_trust(CLI::App& app, Options& options) {
  CLI::App* trust = app.add_subcommand("trust", "policy files: which names may be built, and why");
  trust->require_subcommand(1);
  for (const auto add : {add_trust_list, add_trust_add, add_trust_remove, add_trust_suggest,
                         add_trust_check, add_trust_explain, add_trust_adopt, add_trust_revoke}) {
    add(*trust, options);
  }
  return trust;
}

void add_policy_option(CLI::App& command, Options& options) {
  command
      .add_option("--policy", options.policy_files,
                  "a policy file, besides those of system, user and project; repeatable")
      ->type_name("FILE")
      ->take_all()
      ->expected(1);
}

skops::PolicyFiles policy_files(const Options& options) {
  const auto where = skops::PolicyLocations::in(options.locations);
  skops::PolicyFiles out = skops::read_policy_files(where);
  for (const std::string& path : options.policy_files) {
    const skops::Policy policy = skops::read_policy_file(path, where.owner);
    skops::PolicyFile& row = out.files.emplace_back();
    row.path = path;
    row.state = skops::PolicyFile::State::read;
    row.rules = policy.rules().size();
    out.policy.add(policy);
  }
  return out;
}

skops::Rule rule_of(const RuleWords& words) {
  skops::Rule rule = skops::make_rule(
      words.deny ? skops::Rule::Effect::deny : skops::Rule::Effect::allow, words.name, "NAME");
  rule.version = words.version;
  rule.reason = words.reason;
  rule.layer = skops::Layer::user;
  skops::Policy().add(rule);  // checks the range
  return rule;
}

std::string text_of(const skops::Rule& rule) {
  return (rule.effect == skops::Rule::Effect::allow ? "allow " : "deny ") + rule.text();
}

std::string json_of(const skops::Rule& rule) {
  const char* kind = rule.kind == skops::Rule::Kind::exact     ? "name"
                     : rule.kind == skops::Rule::Kind::library ? "library"
                                                               : "prefix";
  skops::Rule plain = rule;
  plain.version.clear();
  std::string out = std::string("{\"effect\": \"") +
                    (rule.effect == skops::Rule::Effect::allow ? "allow" : "deny") + "\", \"" +
                    kind + "\": " + json_string(plain.text());
  if (!rule.version.empty()) out += ", \"version\": " + json_string(rule.version);
  if (!rule.reason.empty()) out += ", \"reason\": " + json_string(rule.reason);
  return out + ", \"layer\": \"" + skops::text_of(rule.layer) +
         "\", \"origin\": " + json_string(rule.origin) + "}";
}

std::string json_of(const skops::AuditedName& name, const skops::Audit* audit) {
  std::vector<std::string> paths, places;
  for (const std::string& path : name.paths) {
    paths.push_back(json_string(path));
    if (audit != nullptr) places.push_back(json_string(audit->place(path)));
  }
  return "{\"name\": " + json_string(name.name) + ", \"use\": " + json_string(name.use) +
         ", \"decision\": \"" + skops::text_of(name.decision) +
         "\", \"rule\": " + json_string(name.rule) + ", \"library\": " + json_string(name.library) +
         ", \"paths\": " + json_list(paths) +
         (audit != nullptr ? ", \"places\": " + json_list(places) : std::string()) + "}";
}

std::string place_of(const skops::Audit& audit, const std::string& path) {
  return skops::printable(audit.place(path), 1000);
}

std::string json_list(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) out += (out.size() > 1 ? ", " : "") + item;
  return out + "]";
}

std::string line_of(const skops::AuditedName& name) {
  return skops::printable(name.name) +
         (name.use.empty() ? std::string() : ", as " + skops::printable(name.use)) + ": " +
         skops::printable(name.rule, 500);
}

std::string shell_word(const std::string& text) {
  if (text.find_first_not_of(
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/") ==
          std::string::npos &&
      !text.empty()) {
    return text;
  }
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace skops_cli
