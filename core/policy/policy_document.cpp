#include "policy/policy_document.hpp"

namespace skops {
namespace {

using Kind = PlacedValue::Kind;

}  // namespace

const char* key_of(Rule::Effect effect) {
  return effect == Rule::Effect::allow ? "allow" : "deny";
}

PolicyDocument::PolicyDocument(std::string_view text, std::string_view origin, Layer layer)
    : json_(text, origin, PolicyLimits{}.policy_depth) {
  const PlacedValue& root = json_.root();
  json_.require(root, Kind::object, "a policy is an object: {\"version\": 1, \"allow\": [...]}");
  json_.keys(root, {"version", "allow", "deny"});
  const PlacedValue* version = root.find("version");
  if (version == nullptr) json_.fail(root.begin, "policy.bad-file", "the key version is missing");
  json_.require(*version, Kind::integer, "the version is not a whole number");
  if (version->integer != 1) {
    json_.fail(version->begin, "policy.bad-file",
               "the version is " + std::to_string(version->integer) + ", known is 1",
               "update libskops");
  }
  for (const Rule::Effect effect : {Rule::Effect::allow, Rule::Effect::deny}) {
    if (const PlacedValue* found = list(effect)) read_list(*found, effect, layer);
  }
}

const PlacedValue* PolicyDocument::list(Rule::Effect effect) const {
  return json_.root().find(key_of(effect));
}

void PolicyDocument::read_list(const PlacedValue& list, Rule::Effect effect, Layer layer) {
  json_.require(list, Kind::list, "allow and deny are lists");
  for (const PlacedValue& item : list.items) {
    if (rules_.size() == PolicyLimits{}.policy_rules) {
      throw Error(
          Family::limit, "limit.policy_rules",
          json_.place(item.begin) + ": more than " + std::to_string(rules_.size()) + " rules", {},
          "trust libraries, or prefixes of your own modules");
    }
    Rule rule = read_rule(item, effect);
    rule.layer = layer;
    rule.origin = std::string(json_.origin()) + ':' + std::to_string(json_.line(item.begin));
    rules_.push_back({std::move(rule), item.begin, item.end});
  }
}

Rule PolicyDocument::read_rule(const PlacedValue& value, Rule::Effect effect) const {
  std::string_view text = value.text, version, reason;
  const PlacedValue* named = &value;
  if (value.kind == Kind::object) {
    json_.keys(value, {"name", "library", "prefix", "version", "reason"});
    for (const PlacedValue& item : value.items) {
      json_.require(item, Kind::text, "the parts of a rule are texts");
    }
    const PlacedValue* name = value.find("name");
    const PlacedValue* library = value.find("library");
    const PlacedValue* prefix = value.find("prefix");
    if ((name != nullptr) + (library != nullptr) + (prefix != nullptr) != 1) {
      json_.fail(value.begin, "policy.bad-file", "a rule has one of name, library and prefix");
    }
    named = name != nullptr ? name : library != nullptr ? library : prefix;
    text = named->text;
    if (const PlacedValue* range = value.find("version")) {
      version = range->text;
      if (library == nullptr || version.empty()) {
        json_.fail(range->begin, "policy.bad-rule",
                   "a range of releases belongs to a library, as >=2,<4");
      }
    }
    if (const PlacedValue* why = value.find("reason")) {
      reason = why->text;
      if (reason.size() > PolicyLimits{}.reason_bytes) {
        throw Error(Family::limit, "limit.reason_bytes",
                    json_.place(why->begin) + ": a reason of more than " +
                        std::to_string(PolicyLimits{}.reason_bytes) + " bytes",
                    {}, "put the rest into a comment");
      }
      if (printable(reason, 10 * reason.size() + 10) != reason) {
        json_.fail(why->begin, "policy.bad-file", "the reason holds what cannot be seen");
      }
    }
  } else {
    json_.require(value, Kind::text, "a rule is a text or an object");
  }
  try {
    Rule rule = make_rule(effect, text);
    if (text.find('<') != text.npos) {
      json_.fail(named->begin, "policy.bad-rule",
                 "'" + std::string(text) + "' is what functions without a name are called");
    }
    const bool fits = named == &value || (named->key == "name" && rule.kind == Rule::Kind::exact) ||
                      (named->key == "library" && rule.kind == Rule::Kind::library) ||
                      (named->key == "prefix" && rule.kind == Rule::Kind::prefix);
    if (!fits) {
      json_.fail(named->begin, "policy.bad-rule",
                 "'" + std::string(text) + "' is no " + named->key +
                     (named->key == "prefix" ? ": it does not end with .*" : ""));
    }
    rule.version = version;
    rule.reason = reason;
    Policy().add(rule);  // checks the range, too
    return rule;
  } catch (const Error& error) {
    if (error.text().starts_with(json_.origin())) throw;
    std::string what = error.text();
    const std::string_view from = " (call)";
    if (const auto at = what.find(from); at != what.npos) what.erase(at, from.size());
    json_.fail(named->begin, "policy.bad-rule", what, error.remedy());
  }
}

}  // namespace skops
