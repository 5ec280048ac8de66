#include "skops/audit.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>

#include "skops/error.hpp"
#include "trust/audit_detail.hpp"
#include "trust/audit_page.hpp"

namespace skops {

const char* text_of(Decision decision) {
  switch (decision) {
    case Decision::allowed: return "allowed";
    case Decision::denied: return "denied";
    case Decision::undecided: break;
  }
  return "undecided";
}

const char* text_of(Reason reason) {
  switch (reason) {
    case Reason::by_default: return "trusted-by-default";
    case Reason::rule: return "rule";
    case Reason::standing_refusal: return "standing-refusal";
    case Reason::class_for_loader: return "class-for-loader";
    case Reason::class_with_dots: return "class-with-dots";
    case Reason::not_opted_in: return "not-opted-in";
    case Reason::other_use: return "other-use";
    case Reason::no_rule: break;
  }
  return "no-rule";
}

const char* text_of(Effect effect) {
  switch (effect) {
    case Effect::none: break;
    case Effect::data: return "data";
    case Effect::refers: return "refers";
    case Effect::wraps: return "wraps";
    case Effect::binds: return "binds";
    case Effect::creates: return "creates";
    case Effect::calls: return "calls";
    case Effect::hook: return "hook";
  }
  return "none";
}

static bool refuses_native(const AuditedName& name) {
  return name.refuses_native;
}

static std::string count_text(std::size_t n, const char* noun) {
  return std::to_string(n) + ' ' + noun + (n == 1 ? "" : "s");
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Letters of other scripts can look like Latin ones; in this form they cannot.
std::string escaped(std::string_view text) {
  std::string out;
  char buffer[8];
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      std::snprintf(buffer, sizeof buffer, "\\x%02x", byte);
      out += buffer;
    }
  }
  return out;
}

// The rule that allows exactly this; empty where none can.
std::string remedy_of(const AuditedName& name) {
  return name.allow.empty() ? std::string() : "--trust " + name.allow;
}

// What the two ways to load make of the file.
std::string verdicts(const Audit& audit) {
  const auto& names = audit.names();
  const auto count = [&](auto&& which) {
    return static_cast<std::size_t>(std::count_if(names.begin(), names.end(), which));
  };
  const auto of = [&](Decision decision) {
    return count([=](const AuditedName& name) { return name.decision == decision; });
  };
  const std::size_t undecided = of(Decision::undecided), denied = of(Decision::denied),
                    refusing = count(refuses_native),
                    built = count([](const AuditedName&name) { return name.native; });
  std::string out = count_text(names.size(), "name") + ": " +
                    std::to_string(of(Decision::allowed)) + " allowed, " +
                    std::to_string(undecided) + " to decide, " + std::to_string(denied) +
                    " denied\n";
  out += "native load: ";
  if (refusing > 0) {
    out += "refused because of " + count_text(refusing, "name") + "\n";
  } else {
    out += "goes ahead, builds " + (built == 0 ? "none" : std::to_string(built)) + " of them";
    out += built == names.size() || built == 0 ? "\n" : ", the others stay data\n";
  }
  out += "Python objects: ";
  if (audit.ok()) return out + "every name is allowed\n";
  if (denied > 0) return out + "refused because of " + count_text(denied, "name") + "\n";
  if (undecided > 0) return out + count_text(undecided, "name") + " to decide\n";
  return out + "refused, see below\n";
}

namespace {

// One that is denied or needs a decision: as many lines as the decision needs.
std::string paragraph(const AuditedName& name) {
  const bool denied = name.decision == Decision::denied;
  std::string out = (denied ? "\nx " : "\n? ") + printable(name.name) + "\n    as " +
                    (name.use.empty() ? "unknown" : printable(name.use)) + ", " +
                    text_of(name.decision) + ": " + printable(name.rule) + '\n';
  if (!is_ascii(name.name)) {
    out += "    not only ASCII letters: " + printable(escaped(name.name), 1000) + '\n';
  }
  for (const std::string& path : name.paths) {
    out += "    at " + (path.empty() ? std::string("the root") : printable(path)) + '\n';
  }
  if (name.count > name.paths.size()) {
    out += "    and " + count_text(name.count - name.paths.size(), "more place") + '\n';
  }
  out += name.refuses_native ? "    a native load is refused because of it\n"
         : name.native       ? "    a native load builds it\n"
                             : "    a native load leaves it as data\n";
  const std::string remedy = remedy_of(name);
  if (!remedy.empty()) out += "    to allow it: " + remedy + '\n';
  return out;
}

std::string text_report(const Audit& audit) {
  std::string out = verdicts(audit);
  for (const Finding& finding : audit.findings()) {
    out += "\n! " + printable(finding.text);
    if (!finding.path.empty()) out += "\n    at " + printable(finding.path);
    out += "\n    " + finding.code + '\n';
  }
  // What needs the reader first; one line each for the rest.
  std::vector<std::string> remedies;
  for (const Decision wanted : {Decision::denied, Decision::undecided}) {
    for (const AuditedName& name : audit.names()) {
      if (name.decision != wanted) continue;
      out += paragraph(name);
      const std::string remedy = remedy_of(name);
      const bool known = std::find(remedies.begin(), remedies.end(), remedy) != remedies.end();
      if (!remedy.empty() && !known) remedies.push_back(remedy);
    }
  }
  constexpr std::size_t most_remedies = 20;
  if (!audit.denied() && remedies.size() > 1 && remedies.size() <= most_remedies) {
    out += "\nto allow all of them:";
    for (const std::string& remedy : remedies) out += ' ' + remedy;
    out += '\n';
  }
  bool first = true;
  for (const AuditedName& name : audit.names()) {
    if (name.decision != Decision::allowed) continue;
    if (first) out += '\n';
    first = false;
    out += "+ " + printable(name.name) + " (" + printable(name.use) + ", " +
           std::to_string(name.count) + "): " + printable(name.rule) +
           (name.native ? "\n" : "; stays data in a native load\n");
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
                                 {"reason", text_of(name.reason)},
                                 {"rule_text", name.rule_text},
                                 {"origin", name.origin},
                                 {"loader_plugin", name.loader_plugin},
                                 {"effect", text_of(name.effect)},
                                 {"contents_checked", name.contents_checked},
                                 {"allow", name.allow},
                                 {"cannot_allow", name.cannot_allow},
                                 {"remedy", remedy_of(name)},
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
  const bool native_ok = std::none_of(audit.names().begin(), audit.names().end(), refuses_native);
  return json::serialize(json::object{{"ok", audit.ok()},
                                      {"native_ok", native_ok},
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
  switch (format) {
    case Format::json: return json_report(*this);
    case Format::html: return html_report(*this);
    case Format::text: break;
  }
  return text_report(*this);
}

}  // namespace skops
