#include "commands/trust/trust.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

const char* text_of(skops::PolicyFile::State state) {
  switch (state) {
    case skops::PolicyFile::State::absent: return "absent";
    case skops::PolicyFile::State::read: return "read";
    case skops::PolicyFile::State::not_adopted: return "not adopted";
    case skops::PolicyFile::State::changed: break;
  }
  return "changed";
}

void write_json(const skops::PolicyFiles& files, const std::vector<skops::EffectiveRule>& rules,
                const std::vector<skops::Library>& libraries, Output& out) {
  out << "{\"rules\": [";
  const char* separator = "\n ";
  for (const skops::EffectiveRule& row : rules) {
    std::string text = json_of(row.rule);
    text.insert(text.size() - 1,
                ", \"in_effect\": " + std::string(row.shadowed.empty() ? "true" : "false") +
                    ", \"why\": " + json_string(row.shadowed));
    out << separator << text;
    separator = ",\n ";
  }
  out << "],\n\"files\": [";
  separator = "\n ";
  for (const skops::PolicyFile& file : files.files) {
    out << separator << "{\"layer\": \"" << skops::text_of(file.layer)
        << "\", \"path\": " << json_string(file.path.string()) << ", \"state\": \""
        << text_of(file.state) << "\", \"rules\": " << std::to_string(file.rules)
        << ", \"text\": " << json_string(file.text) << "}";
    separator = ",\n ";
  }
  out << "],\n\"libraries\": [";
  separator = "\n ";
  for (const skops::Library& library : libraries) {
    out << separator << "{\"id\": " << json_string(library.id)
        << ", \"plugin_version\": " << json_string(library.version)
        << ", \"first_release\": " << json_string(library.first_release)
        << ", \"last_release\": " << json_string(library.last_release)
        << ", \"by_default\": " << std::to_string(library.by_default)
        << ", \"opt_in\": " << std::to_string(library.opt_in) << "}";
    separator = ",\n ";
  }
  out << "]}\n";
}

void write_rule(const skops::EffectiveRule& row, Output& out) {
  const bool denies = row.rule.effect == skops::Rule::Effect::deny;
  const char* sign = !row.shadowed.empty() ? "- " : denies ? "x " : "+ ";
  const Style style = !row.shadowed.empty() ? Style::dim : denies ? Style::red : Style::green;
  out.styled(style, sign + skops_cli::text_of(row.rule));
  out << " (" << skops::text_of(row.rule.layer) << ", " << skops::printable(row.rule.origin, 1000)
      << ")";
  if (!row.rule.reason.empty()) out << ": " << row.rule.reason;
  out << "\n";
  if (!row.shadowed.empty()) {
    out << "    without effect: " << skops::printable(row.shadowed, 1000) << "\n";
  }
}

int list(const Options& options, Output& out) {
  const skops::Host host(options.locations.host_options());
  const skops::PolicyFiles files = policy_files(options);
  const auto rules = skops::effective_rules(host, files.policy);
  const auto libraries = skops::libraries(host);
  if (options.json) {
    write_json(files, rules, libraries, out);
    return 0;
  }
  for (const skops::EffectiveRule& row : rules) write_rule(row, out);
  if (rules.empty()) out << "no rules beside the defaults\n";
  out << "\n";
  out.styled(Style::bold, "files") << "\n";
  for (const skops::PolicyFile& file : files.files) {
    out << "  " << skops::text_of(file.layer) << ": " << skops::printable(file.path.string(), 1000)
        << ", ";
    if (file.state == skops::PolicyFile::State::read) {
      out << std::to_string(file.rules) << (file.rules == 1 ? " rule\n" : " rules\n");
    } else {
      out << (file.text.empty() ? text_of(file.state) : skops::printable(file.text, 1000)) << "\n";
    }
  }
  out << "\n";
  out.styled(Style::bold, "libraries") << "\n";
  for (const skops::Library& library : libraries) {
    out << "  " << library.id << ": ";
    if (library.by_default > 0) {
      out << std::to_string(library.by_default) << " names trusted by default";
    }
    if (library.by_default > 0 && library.opt_in > 0) out << ", ";
    if (library.opt_in > 0) out << std::to_string(library.opt_in) << " to opt in";
    const std::string releases = library.releases();
    out << (releases.empty() ? std::string() : ", of " + releases) << "\n";
  }
  return 0;
}

}  // namespace

void add_trust_list(CLI::App& trust, Options& options) {
  auto* command =
      trust.add_subcommand("list", "the rules in effect, where each stands, and those without");
  add_policy_option(*command, options);
  run_as(*command, options, list);
}

}  // namespace skops_cli
