#include <algorithm>

#include "commands/commands.hpp"
#include "input_file.hpp"
#include "json_text.hpp"
#include "skops/error.hpp"
#include "skops/host.hpp"

namespace skops_cli {
namespace {

Style style_of(std::string_view line) {
  if (line.starts_with("x ")) return Style::red;
  if (line.starts_with("? ")) return Style::yellow;
  if (line.starts_with("! ")) return Style::cyan;
  if (line.starts_with("+ ")) return Style::green;
  return Style::none;
}

void write_report(const skops::Audit& audit, Output& out) {
  const std::string report = audit.report();
  for (std::size_t at = 0; at < report.size();) {
    const std::size_t end = std::min(report.find('\n', at), report.size());
    const std::string_view line(report.data() + at, end - at);
    out.styled(style_of(line), line) << "\n";
    at = end + 1;
  }
}

int audit_one(const skops::Host& host, const Options& options, const std::string& path,
              Output& out) {
  const OpenedFile opened(path);
  const skops::Audit audit = host.audit(opened.file(), options.policy);
  if (options.json) {
    out << "{\"file\": " << json_string(path)
        << ", \"audit\": " << audit.report(skops::Audit::Format::json) << "}\n";
  } else {
    if (options.files.size() > 1) out.styled(Style::bold, skops::printable(path)) << ": ";
    write_report(audit, out);
  }
  return audit.ok() ? 0 : static_cast<int>(skops::Family::untrusted);
}

}  // namespace

// A file that cannot be audited does not keep the others from it; it decides the status, as it may
// hide what a decision would be needed for.
int audit(const Options& options, Output& out) {
  const skops::Host host;
  int status = 0;
  bool first = true;
  for (const std::string& path : options.files) {
    try {
      if (!first && !options.json) out << "\n";
      first = false;
      status = std::max(status, audit_one(host, options, path, out));
    } catch (const skops::Error& error) {
      if (options.files.size() == 1) throw;
      out.flush();
      status = std::max(status, report_error(error, path));
    }
  }
  return status;
}

}  // namespace skops_cli
