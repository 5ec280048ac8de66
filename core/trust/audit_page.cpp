#include "trust/audit_page.hpp"

#include <algorithm>

#include "skops/error.hpp"

namespace skops {
namespace {

constexpr const char* head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Audit</title>
<style>
body { font-family: sans-serif; margin: 2em; }
table { border-collapse: collapse; }
th, td { border: 1px solid #ccc; padding: 0.3em 0.6em; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
.denied { background: #fbd3d3; }
.undecided { background: #fdf1c4; }
.allowed { background: #e2f3e0; }
</style>
</head>
<body>
)";

// Printable and without markup. A name may be long; its tail tells it apart from others.
std::string text(std::string_view raw) {
  std::string out;
  for (const char c : printable(raw, 2000)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string lines(std::string_view raw) {
  std::string out;
  while (!raw.empty()) {
    const std::size_t end = std::min(raw.find('\n'), raw.size() - 1);
    out += text(raw.substr(0, raw[end] == '\n' ? end : end + 1)) + '\n';
    raw.remove_prefix(end + 1);
  }
  return out;
}

std::string row(const AuditedName& name) {
  const std::string decision = text_of(name.decision);
  std::string out =
      "<tr class=\"" + decision + "\"><td>" + text(name.name) +
      (is_ascii(name.name) ? "" : "<br>not only ASCII letters: " + text(escaped(name.name))) +
      "</td><td>" + decision + "</td><td>" + text(name.use.empty() ? "unknown" : name.use) +
      "</td><td>" + text(name.rule);
  if (const std::string remedy = remedy_of(name); !remedy.empty()) {
    out += "<br>to allow it: <code>" + text(remedy) + "</code>";
  }
  out += std::string("</td><td>") +
         (name.refuses_native ? "is refused because of it"
          : name.native       ? "builds it"
                              : "leaves it as data") +
         "</td><td>";
  for (const std::string& path : name.paths) {
    out += (path.empty() ? std::string("the root") : text(path)) + "<br>";
  }
  if (name.count > name.paths.size()) {
    out += "and " + std::to_string(name.count - name.paths.size()) + " more";
  }
  return out + "</td></tr>\n";
}

}  // namespace

std::string html_report(const Audit& audit) {
  std::string out = head;
  out += "<h1>Audit</h1>\n<pre>" + lines(verdicts(audit)) + "</pre>\n";
  if (!audit.findings().empty()) {
    out += "<ul>\n";
    for (const Finding& finding : audit.findings()) {
      out += "<li>" + text(finding.text);
      if (!finding.path.empty()) out += ", at " + text(finding.path);
      out += " (" + text(finding.code) + ")</li>\n";
    }
    out += "</ul>\n";
  }
  out +=
      "<table>\n<tr><th>name</th><th>decision</th><th>as</th><th>why</th><th>a native load</th>"
      "<th>where</th></tr>\n";
  // What needs the reader first.
  for (const Decision wanted : {Decision::denied, Decision::undecided, Decision::allowed}) {
    for (const AuditedName& name : audit.names()) {
      if (name.decision == wanted) out += row(name);
    }
  }
  return out + "</table>\n</body>\n</html>\n";
}

}  // namespace skops
