#include "skops/report.hpp"

#include "report/views.hpp"

namespace skops {

std::string report(std::span<const AuditedFile> files, Audit::Format format) {
  if (format == Audit::Format::sarif) return sarif_report(files);
  if (format == Audit::Format::html) return html_report(files);
  std::string out;
  for (const AuditedFile& file : files) {
    if (!out.empty()) out += '\n';
    if (file.audit) {
      out += file.audit->report(format);
    } else if (format == Audit::Format::text && file.error) {
      out += file.error->what();
      out += '\n';
    }
  }
  return out;
}

}  // namespace skops
