#include "skops/report.hpp"

#include <boost/json.hpp>

#include "report/views.hpp"

namespace skops {
namespace {

namespace json = boost::json;

// One after the other, with its name before each where there are several.
std::string text_reports(std::span<const AuditedFile> files) {
  std::string out;
  for (const AuditedFile& file : files) {
    if (!out.empty()) out += '\n';
    if (files.size() > 1) out += printable(file.name) + ": ";
    if (file.audit) {
      out += text_report(*file.audit);
    } else {
      out += (file.error ? file.error->what() : "not audited") + std::string("\n");
    }
  }
  return out;
}

std::string error_object(const Error& error) {
  return json::serialize(json::object{{"code", error.code()},
                                      {"status", static_cast<int>(error.family())},
                                      {"message", error.what()},
                                      {"text", error.text()},
                                      {"member", error.where().member},
                                      {"path", error.where().path},
                                      {"plugin", error.where().plugin},
                                      {"remedy", error.remedy()}});
}

// One line a file, so that a program need not read all of them at once.
std::string json_reports(std::span<const AuditedFile> files) {
  std::string out;
  for (const AuditedFile& file : files) {
    out += visible_json("{\"file\": " + json::serialize(file.name) + ", ");
    if (file.audit) {
      out += "\"audit\": " + json_report(*file.audit);
    } else {
      out += "\"error\": " + (file.error ? visible_json(error_object(*file.error)) : "null");
    }
    out += "}\n";
  }
  return out;
}

}  // namespace

std::string report(std::span<const AuditedFile> files, Audit::Format format) {
  switch (format) {
    case Audit::Format::text: return text_reports(files);
    case Audit::Format::json: return json_reports(files);
    case Audit::Format::sarif: return sarif_report(files);
    case Audit::Format::html: break;
  }
  return html_report(files);
}

}  // namespace skops
