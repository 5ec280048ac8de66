#include <memory>

#include "commands/trust/trust.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

Style style_of(skops::Decision decision) {
  switch (decision) {
    case skops::Decision::allowed: return Style::green;
    case skops::Decision::denied: return Style::red;
    case skops::Decision::undecided: break;
  }
  return Style::yellow;
}

// What would allow it, where a rule can.
std::string remedy(const std::vector<skops::AuditedName>& rows) {
  if (rows.front().cls.ends_with('>')) return {};  // an anonymous function
  std::string library;
  bool open = false;
  for (const skops::AuditedName& row : rows) {
    if (row.decision == skops::Decision::denied) return {};
    if (row.decision == skops::Decision::allowed) continue;
    // The last row, of all other uses, is for what no manifest declares.
    if (row.reason == skops::Reason::not_opted_in) library = row.library;
    open |= !row.use.empty() || rows.size() == 1;
  }
  if (!library.empty()) return "libskops trust add " + shell_word(library);
  return open ? "libskops trust add " + shell_word(rows.front().name) : std::string();
}

int explain(const Options& options, const std::vector<std::string>& names, Output& out) {
  const skops::Host host(options.locations.host_options());
  const skops::Policy policy = policy_files(options).policy;
  std::string separator;
  if (options.json) out << "{\"names\": [";
  for (const std::string& name : names) {
    const auto rows = skops::explain_name(host, name, policy);
    const std::string allow = remedy(rows);
    if (options.json) {
      std::vector<std::string> uses;
      for (const skops::AuditedName& row : rows) {
        std::string text = json_of(row);
        text.insert(text.size() - 1, std::string(", \"reason\": \"") + skops::text_of(row.reason) +
                                         "\", \"origin\": " + json_string(row.origin));
        uses.push_back(std::move(text));
      }
      out << separator << "{\"name\": " << json_string(name) << ", \"uses\": " << json_list(uses)
          << ", \"allow\": " << json_string(allow) << "}";
      separator = ",\n ";
      continue;
    }
    out << separator;
    separator = "\n";
    out.styled(Style::bold, skops::printable(name, 1000)) << "\n";
    for (const skops::AuditedName& row : rows) {
      out << "    as "
          << (!row.use.empty()  ? row.use
              : rows.size() > 1 ? std::string("anything else")
                                : std::string("anything"))
          << ": ";
      out.styled(style_of(row.decision), skops::text_of(row.decision));
      out << ", " << skops::printable(row.rule, 1000) << "\n";
    }
    if (!allow.empty()) out << "    to allow it: " << allow << "\n";
  }
  if (options.json) out << "]}\n";
  return 0;
}

}  // namespace

void add_trust_explain(CLI::App& trust, Options& options) {
  const auto names = std::make_shared<std::vector<std::string>>();
  auto* command = trust.add_subcommand(
      "explain", "who decides about a name: which rule, where it stands, or why none does");
  command->add_option("NAME", *names, "package.module.Class")->required()->type_name("");
  add_policy_option(*command, options);
  run_as(*command, options, names, explain);
}

}  // namespace skops_cli
