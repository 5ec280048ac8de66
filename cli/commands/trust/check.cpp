#include <algorithm>

#include "commands/commands.hpp"
#include "commands/trust/trust.hpp"
#include "input_file.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"

namespace skops_cli {
namespace {

std::vector<const skops::AuditedName*> missing(const skops::Audit& audit) {
  std::vector<const skops::AuditedName*> out;
  for (const skops::AuditedName& name : audit.names()) {
    if (name.decision != skops::Decision::allowed) out.push_back(&name);
  }
  return out;
}

void write_json(const skops::Audit& audit, const std::string& path, Output& out) {
  std::vector<std::string> names, findings;
  for (const skops::AuditedName* name : missing(audit)) names.push_back(json_of(*name, &audit));
  for (const skops::Finding& finding : audit.findings()) {
    findings.push_back("{\"code\": " + json_string(finding.code) + ", \"text\": " +
                       json_string(finding.text) + ", \"path\": " + json_string(finding.path) +
                       ", \"place\": " + json_string(audit.place(finding.path)) +
                       ", \"refuses\": " + (finding.refuses ? "true" : "false") + "}");
  }
  out << "{\"file\": " << json_string(path) << ", \"ok\": " << (audit.ok() ? "true" : "false")
      << ", \"missing\": " << json_list(names) << ", \"findings\": " << json_list(findings)
      << "}\n";
}

void write_text(const skops::Audit& audit, const std::string& path, Output& out) {
  out << skops::printable(path) << ": ";
  out.styled(audit.ok() ? Style::green : Style::yellow,
             audit.ok() ? "every name is allowed" : "not every name is allowed")
      << "\n";
  for (const skops::AuditedName* name : missing(audit)) {
    const bool denied = name->decision == skops::Decision::denied;
    out.styled(denied ? Style::red : Style::yellow, (denied ? "x " : "? ") + line_of(*name));
    if (!name->paths.empty()) out << "; at " << place_of(audit, name->paths.front());
    out << "\n";
  }
  for (const skops::Finding& finding : audit.findings()) {
    out.styled(Style::cyan, "! " + skops::printable(finding.text, 1000)) << "\n";
  }
}

int check(const Options& options, Output& out) {
  const skops::Host host(options.locations.host_options());
  const skops::Policy policy = policy_files(options).policy;
  int status = 0;
  for (const std::string& path : options.files) {
    try {
      const OpenedFile opened(path);
      const skops::Audit audit = host.audit(opened.file(), policy);
      options.json ? write_json(audit, path, out) : write_text(audit, path, out);
      if (!audit.ok()) status = std::max(status, static_cast<int>(skops::Family::untrusted));
    } catch (const skops::Error& error) {
      if (options.files.size() == 1) throw;
      out.flush();
      status = std::max(status, report_error(error, path));
    }
  }
  return status;
}

}  // namespace

void add_trust_check(CLI::App& trust, Options& options) {
  auto* command = trust.add_subcommand(
      "check", "whether every name of these files is allowed; status 1 and what is missing if not");
  command->add_option("FILE", options.files, ".skops files; - is standard input")
      ->required()
      ->type_name("");
  add_policy_option(*command, options);
  run_as(*command, options, check);
}

}  // namespace skops_cli
