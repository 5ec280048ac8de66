#include "skops/audit.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "skops/error.hpp"
#include "trust/audit_detail.hpp"

namespace skops {
namespace {

const char* text_of(Decision decision) {
  switch (decision) {
    case Decision::allowed:
      return "allowed";
    case Decision::denied:
      return "denied";
    case Decision::undecided:
      break;
  }
  return "undecided";
}

std::string text_report(const Audit& audit) {
  std::string out;
  std::size_t allowed = 0, denied = 0, undecided = 0;
  for (const AuditedName& name : audit.names()) {
    ++(name.decision == Decision::allowed  ? allowed
       : name.decision == Decision::denied ? denied
                                           : undecided);
  }
  out += std::to_string(audit.names().size()) + " names: " + std::to_string(allowed) +
         " allowed, " + std::to_string(undecided) + " to decide, " + std::to_string(denied) +
         " denied\n";
  for (const Finding& finding : audit.findings()) {
    out += "\n! " + printable(finding.text);
    if (!finding.path.empty()) out += "\n    at " + printable(finding.path);
    out += "\n    " + finding.code + '\n';
  }
  // What needs the reader first; one line each for the rest.
  for (const Decision wanted : {Decision::denied, Decision::undecided}) {
    for (const AuditedName& name : audit.names()) {
      if (name.decision != wanted) continue;
      out += std::string("\n") + (wanted == Decision::denied ? "x " : "? ") + printable(name.name) +
             "\n    as " + (name.use.empty() ? "unknown" : printable(name.use)) + ", " +
             text_of(wanted) + ": " + printable(name.rule) + '\n';
      for (const std::string& path : name.paths) {
        out += "    at " + (path.empty() ? std::string("the root") : printable(path)) + '\n';
      }
      if (name.count > name.paths.size()) {
        out += "    and " + std::to_string(name.count - name.paths.size()) + " more places\n";
      }
      out +=
          name.native ? "    a native load builds it\n" : "    a native load leaves it as data\n";
      const bool dotted = name.rule.starts_with("the class holds a dot");
      if (wanted == Decision::undecided && !dotted) {
        const bool library = name.rule.ends_with("nobody has opted in");
        out += "    to allow it: --trust " + printable(library ? name.library : name.name) + '\n';
      }
    }
  }
  if (allowed > 0) out += '\n';
  for (const AuditedName& name : audit.names()) {
    if (name.decision != Decision::allowed) continue;
    out += "+ " + printable(name.name) + " (" + printable(name.use) + ", " +
           std::to_string(name.count) + "): " + printable(name.rule) + '\n';
  }
  return out;
}

std::string json_report(const Audit& audit) {
  namespace json = boost::json;
  json::array names, findings;
  for (const AuditedName& name : audit.names()) {
    json::array paths;
    for (const std::string& path : name.paths) paths.emplace_back(path);
    names.push_back(json::object{{"name", name.name},
                                 {"module", name.module},
                                 {"class", name.cls},
                                 {"use", name.use},
                                 {"loader", name.loader},
                                 {"decision", text_of(name.decision)},
                                 {"rule", name.rule},
                                 {"library", name.library},
                                 {"native", name.native},
                                 {"refuses_native", name.refuses_native},
                                 {"count", name.count},
                                 {"paths", std::move(paths)}});
  }
  for (const Finding& finding : audit.findings()) {
    findings.push_back(json::object{{"code", finding.code},
                                    {"text", finding.text},
                                    {"path", finding.path},
                                    {"refuses", finding.refuses}});
  }
  json::array untrusted;
  for (const std::string& name : audit.untrusted()) untrusted.emplace_back(name);
  return json::serialize(json::object{{"ok", audit.ok()},
                                      {"untrusted", std::move(untrusted)},
                                      {"findings", std::move(findings)},
                                      {"names", std::move(names)}});
}

}  // namespace

const std::vector<AuditedName>& Audit::names() const {
  return detail_->names;
}

const std::vector<Finding>& Audit::findings() const {
  return detail_->findings;
}

std::vector<std::string> Audit::untrusted() const {
  std::vector<std::string> out;
  for (const AuditedName& name : names()) {
    if (name.decision != Decision::allowed) out.push_back(name.name);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool Audit::ok() const {
  return std::all_of(names().begin(), names().end(),
                     [](const AuditedName& n) { return n.decision == Decision::allowed; }) &&
         std::none_of(findings().begin(), findings().end(),
                      [](const Finding& f) { return f.refuses; });
}

bool Audit::denied() const {
  return std::any_of(names().begin(), names().end(),
                     [](const AuditedName& n) { return n.decision == Decision::denied; });
}

std::string Audit::report(Format format) const {
  return format == Format::json ? json_report(*this) : text_report(*this);
}

}  // namespace skops
