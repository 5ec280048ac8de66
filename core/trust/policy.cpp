#include "skops/policy.hpp"

#include "graph/dotted_name.hpp"
#include "manifest/version_range.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

[[noreturn]] void bad(const Rule& rule, const char* why) {
  throw Error(Family::usage, "policy.bad-rule",
              "the rule '" + rule.text() + "' (" + rule.origin + ") " + why, {},
              "name a type (package.module.Class), a library, or a prefix that ends with .*");
}

void check(const Rule& rule) {
  if (rule.name.empty()) bad(rule, "names nothing");
  if (rule.name.find('*') != std::string::npos) bad(rule, "has a * that is not its last part");
  // A library's id may have a dash, which no dotted name has.
  const bool library = rule.kind == Rule::Kind::library;
  if (library ? rule.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") !=
                    std::string::npos
              : !is_dotted_name(rule.name)) {
    bad(rule, library ? "is not the id of a library" : "is not a name");
  }
  if (rule.kind == Rule::Kind::exact && rule.name.find('.') == std::string::npos) {
    bad(rule, "has no module");
  }
  if (rule.version.empty()) return;
  if (!library) bad(rule, "has a range of releases, which only a library has");
  if (!VersionRange::parse(rule.version)) {
    bad(rule, "has no range of releases: '>=2,<4' is one, of numbers with dots");
  }
}

}  // namespace

const char* text_of(Layer layer) {
  switch (layer) {
    case Layer::defaults: return "defaults";
    case Layer::system: return "system";
    case Layer::user: return "user";
    case Layer::project: return "project";
    case Layer::call: break;
  }
  return "call";
}

std::string Rule::text() const {
  if (kind == Kind::prefix) return name + ".*";
  return version.empty() ? name : name + ' ' + version;
}

Rule make_rule(Rule::Effect effect, std::string_view text, std::string_view origin) {
  Rule rule{.effect = effect, .origin = std::string(origin)};
  if (text.ends_with(".*")) {
    rule.kind = Rule::Kind::prefix;
    text.remove_suffix(2);
  } else {
    rule.kind = text.find('.') == text.npos ? Rule::Kind::library : Rule::Kind::exact;
  }
  rule.name = text;
  check(rule);
  return rule;
}

Policy& Policy::add(Rule rule) {
  check(rule);
  rules_.push_back(std::move(rule));
  return *this;
}

Policy& Policy::add(const Policy& other) {
  const Policy copy = other;  // it may be this very one
  rules_.insert(rules_.end(), copy.rules_.begin(), copy.rules_.end());
  lifted_.insert(lifted_.end(), copy.lifted_.begin(), copy.lifted_.end());
  notes_.insert(notes_.end(), copy.notes_.begin(), copy.notes_.end());
  return *this;
}

Policy& Policy::note(std::string code, std::string text) {
  notes_.push_back({std::move(code), std::move(text)});
  return *this;
}

Policy& Policy::trust(std::string_view name, std::string_view origin) {
  return add(make_rule(Rule::Effect::allow, name, origin));
}

Policy& Policy::deny(std::string_view name, std::string_view origin) {
  return add(make_rule(Rule::Effect::deny, name, origin));
}

Policy& Policy::trust_refused(std::string_view exact_name) {
  check({.name = std::string(exact_name), .origin = "trust_refused"});
  lifted_.emplace_back(exact_name);
  return *this;
}

}  // namespace skops
