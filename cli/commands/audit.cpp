#include <algorithm>

#include "commands/commands.hpp"
#include "input_file.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"
#include "skops/host.hpp"
#include "skops/report.hpp"

namespace skops_cli {
namespace {

using skops::Audit;

Style style_of(std::string_view line) {
  if (line.starts_with("x ")) return Style::red;
  if (line.starts_with("? ")) return Style::yellow;
  if (line.starts_with("! ")) return Style::cyan;
  if (line.starts_with("+ ")) return Style::green;
  if (line.starts_with("Denied, ") || line.starts_with("To decide, ")) return Style::bold;
  return Style::none;
}

void write_text(const std::string& report, Output& out) {
  for (std::size_t at = 0; at < report.size();) {
    const std::size_t end = std::min(report.find('\n', at), report.size());
    const std::string_view line(report.data() + at, end - at);
    out.styled(style_of(line), line) << "\n";
    at = end + 1;
  }
}

std::string name_of(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

// One after the other, each as soon as it is known.
void write_one(const Options& options, const std::string& path, const Audit& audit, Output& out) {
  if (options.report == Audit::Format::json) {
    out << "{\"file\": " << json_string(path)
        << ", \"audit\": " << audit.report(Audit::Format::json) << "}\n";
  } else {
    if (options.files.size() > 1) out.styled(Style::bold, skops::printable(path)) << ": ";
    write_text(audit.report(), out);
  }
}

}  // namespace

// A file that cannot be audited does not keep the others from it; it decides the status, as it may
// hide what a decision would be needed for. SARIF and HTML are one report of all files, with those
// that could not be audited in it.
int audit(const Options& options, Output& out) {
  const skops::Host host(options.locations.host_options());
  warn_of_refused(host);
  const bool together =
      options.report == Audit::Format::sarif || options.report == Audit::Format::html;
  std::vector<skops::AuditedFile> files;
  int status = 0;
  for (const std::string& path : options.files) {
    try {
      const OpenedFile opened(path);
      Audit audit = host.audit(opened.file(), options.policy);
      if (!audit.ok()) status = std::max(status, static_cast<int>(skops::Family::untrusted));
      if (together) {
        files.push_back({name_of(path), std::move(audit), {}});
      } else {
        if (&path != &options.files.front() && options.report == Audit::Format::text) out << "\n";
        write_one(options, path, audit, out);
      }
    } catch (const skops::Error& error) {
      if (together) {
        files.push_back({name_of(path), {}, error});
      } else if (options.files.size() == 1) {
        throw;
      }
      out.flush();
      status = std::max(status, report_error(error, path));
    }
  }
  if (together) out << skops::report(files, options.report) << "\n";
  return status;
}

}  // namespace skops_cli
