#include "report.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "skops/error.hpp"
#include "skops/report.hpp"

namespace nb = nanobind;

namespace skops_python {
namespace {

// Family, code, text, member, path, plugin and remedy of a Python exception.
using ErrorParts =
    std::tuple<int, std::string, std::string, std::string, std::string, std::string, std::string>;
// The name is bytes: a path need not be UTF-8.
using AuditedRow = std::tuple<nb::bytes, std::optional<skops::Audit>, std::optional<ErrorParts>>;

skops::Error error_of(const ErrorParts& parts) {
  const auto& [family, code, text, member, path, plugin, remedy] = parts;
  return skops::Error(static_cast<skops::Family>(family), code, text, {member, path, plugin},
                      remedy);
}

std::string report(const std::vector<AuditedRow>& rows, const std::string& format) {
  const skops::Audit::Format wanted = format_of(format);
  std::vector<skops::AuditedFile> files;
  for (const auto& [name, audit, error] : rows) {
    skops::AuditedFile& file = files.emplace_back();
    file.name = std::string(name.c_str(), name.size());
    file.audit = audit;
    if (error) file.error = error_of(*error);
  }
  return skops::report(files, wanted);
}

}  // namespace

skops::Audit::Format format_of(const std::string& name) {
  if (name == "text") return skops::Audit::Format::text;
  if (name == "json") return skops::Audit::Format::json;
  if (name == "sarif") return skops::Audit::Format::sarif;
  if (name == "html") return skops::Audit::Format::html;
  throw skops::Error(skops::Family::usage, "usage.format",
                     "format must be 'text', 'json', 'sarif' or 'html'");
}

void add_report(nb::module_& m) {
  m.def("report", &report);
}

}  // namespace skops_python
