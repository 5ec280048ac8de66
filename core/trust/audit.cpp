#include "skops/audit.hpp"

#include <algorithm>

#include "report/views.hpp"
#include "skops/report.hpp"
#include "trust/audit_detail.hpp"

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
    case Reason::loader_not_opted_in: return "loader-not-opted-in";
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

const std::string& Audit::file() const {
  return detail_->file;
}

const std::string& Audit::root() const {
  return detail_->root;
}

std::string Audit::place(std::string_view path) const {
  std::string out = detail_->root;
  if (!path.empty() && path.front() != '[') out += '.';
  return out.append(path);
}

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

bool Audit::native_ok() const {
  return std::none_of(names().begin(), names().end(),
                      [](const AuditedName& n) { return n.refuses_native; });
}

std::string Audit::report(Format format) const {
  switch (format) {
    case Format::text: return text_report(*this);
    case Format::json: return json_report(*this);
    case Format::sarif:
    case Format::html: break;
  }
  const AuditedFile one[] = {{detail_->file, *this, {}}};
  return skops::report(one, format);
}

}  // namespace skops
