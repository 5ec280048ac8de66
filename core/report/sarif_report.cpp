// SARIF 2.1.0 (OASIS): what code scanning reads. One run for all files.
#include <array>
#include <boost/json.hpp>

#include "plugin/sha256.hpp"
#include "report/sarif_rules.hpp"
#include "report/views.hpp"
#include "report/words.hpp"

namespace skops {
namespace {

namespace json = boost::json;

// Code scanning takes so many in a run; a hostile file has a million names.
constexpr std::size_t most_results = 25'000;

// A reference to the file: file:///… for an absolute path, else relative. Bytes that a URI cannot
// hold are escaped, a colon too: `a:b` would be a scheme.
std::string uri_of(std::string_view path) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  // `//x` would be a host.
  return out.starts_with("//") ? "." + out : out;
}

json::object message(std::string text) {
  return {{"text", std::move(text)}};
}

json::object rule_object(const SarifRule& rule) {
  return {{"id", rule.id},
          {"name", rule.name},
          {"shortDescription", message(std::string(rule.brief))},
          {"fullDescription", message(std::string(rule.full))},
          {"help", message(std::string(rule.help))},
          {"defaultConfiguration", {{"level", rule.level}}},
          {"properties",
           {{"tags", {"security", "deserialization", "external/cwe/cwe-502"}},
            {"precision", "high"},
            {"security-severity", rule.severity}}}};
}

// What stays the same when the file is written again, other names come and go, or the file moves.
json::object fingerprints(std::string_view rule, std::string_view what, std::string_view more) {
  std::string text;
  for (const std::string_view part : {rule, what, more}) {
    text += std::to_string(part.size());
    text += ':';
    text += part;
  }
  const std::string hash = sha256_hex(std::as_bytes(std::span(text)));
  return {{"libskopsAnswer/v1", hash}, {"primaryLocationLineHash", hash.substr(0, 16) + ":1"}};
}

class Log {
 public:
  void add(const AuditedFile& file) {
    const std::string uri = uri_of(file.name.empty() ? "unnamed" : file.name);
    artifact_ = {{"uri", uri}, {"index", artifacts_.size()}};
    artifacts_.push_back(json::object{{"location", {{"uri", uri}}}, {"roles", {"analysisTarget"}}});
    if (file.audit) {
      add(*file.audit);
    } else {
      refused(file);
    }
  }

  std::string text() {
    if (left_out_ > 0) {
      notify("note", "report.left-out",
             count_text(left_out_, "further result") + " left out; the JSON report has them all");
    }
    json::array rules;
    for (const SarifRule& rule : sarif_rules()) rules.push_back(rule_object(rule));
    json::object driver{{"name", "libskops"},
                        {"version", SKOPS_CORE_VERSION},
                        {"semanticVersion", SKOPS_CORE_VERSION},
                        {"rules", std::move(rules)}};
    json::object invocation{{"executionSuccessful", successful_},
                            {"toolExecutionNotifications", std::move(notifications_)}};
    json::object run{{"tool", {{"driver", std::move(driver)}}},
                     {"invocations", json::array{std::move(invocation)}},
                     {"artifacts", std::move(artifacts_)},
                     {"results", std::move(results_)}};
    return json::serialize(
        json::object{{"$schema",
                      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                      "sarif-schema-2.1.0.json"},
                     {"version", "2.1.0"},
                     {"runs", json::array{std::move(run)}}});
  }

 private:
  void add(const Audit& audit) {
    for (const Finding& finding : audit.findings()) {
      const std::string place = printable(audit.place(finding.path), 400);
      // A rule of the policy stands outside of the file.
      const bool inside = has_place(finding);
      result(finding.code, printable(finding.text, 400),
             inside ? json::array{location(place, {})} : json::array{location({}, {})},
             fingerprints(finding.code, finding.text, inside ? place : std::string()), {});
    }
    for (const NameGroup& group : groups_of(audit)) {
      if (group.decision == Decision::allowed) continue;
      for (const AuditedName* name : group.names) add(audit, *name);
    }
  }

  void add(const Audit& audit, const AuditedName& name) {
    const std::string_view rule = sarif_rule_of(name);
    if (rule.empty()) return;
    std::string text = printable(name.name) + ": " + printable(name.rule) + ".";
    if (!is_ascii(name.name))
      text += " Not only ASCII letters: " + printable(escaped(name.name)) + ".";
    if (name.effect != Effect::none) text += " If built: " + effect_sentence(name) + ".";
    text += name.allow.empty() ? " To allow it: " + printable(name.cannot_allow, 400) + "."
                               : " To allow it: " + trust_command(name) + ".";
    if (name.count > name.paths.size()) {
      text += " It occurs " + count_text(name.count, "time") + ".";
    }
    json::array locations;
    for (const std::string& path : name.paths) {
      locations.push_back(location(printable(audit.place(path), 400), name.cls));
    }
    if (locations.empty()) locations.push_back(location({}, {}));
    json::object properties{{"name", name.name},
                            {"use", name.use},
                            {"loader", name.loader},
                            {"library", name.library},
                            {"reason", text_of(name.reason)},
                            {"origin", name.origin},
                            {"effect", text_of(name.effect)},
                            {"contentsChecked", name.contents_checked},
                            {"allow", name.allow},
                            {"cannotAllow", name.cannot_allow},
                            {"nativeLoad", native_sentence(name)}};
    result(rule, std::move(text), std::move(locations),
           fingerprints(rule, name.module + '\n' + name.cls, name.use), std::move(properties));
  }

  // A file that nobody can look into is the answer that a scan must not lose.
  void refused(const AuditedFile& file) {
    const std::string code = file.error ? file.error->code() : "file.refused";
    const std::string text = file.error ? file.error->what() : "the file was not audited";
    result("file.refused", text, {location({}, {})}, fingerprints("file.refused", code, {}),
           {{"code", code}});
    successful_ = false;
    notify("error", code, text);
  }

  json::object location(std::string_view place, std::string_view cls) const {
    // Model files have no lines; viewers that show lines want one.
    json::object out{
        {"physicalLocation", {{"artifactLocation", artifact_}, {"region", {{"startLine", 1}}}}}};
    if (!place.empty()) {
      json::object logical{{"fullyQualifiedName", place}, {"kind", "object"}};
      if (!cls.empty()) logical["name"] = printable(cls);
      out["logicalLocations"] = json::array{std::move(logical)};
    }
    return out;
  }

  void result(std::string_view id, std::string text, json::array locations,
              json::object fingerprints, json::object properties) {
    if (results_.size() == most_results) {
      ++left_out_;
      return;
    }
    const std::size_t number = sarif_rule(id);
    const SarifRule& rule = sarif_rules()[number];
    json::object out{{"ruleId", rule.id},
                     {"ruleIndex", number},
                     {"level", rule.level},
                     {"message", message(std::move(text))},
                     {"locations", std::move(locations)},
                     {"partialFingerprints", std::move(fingerprints)}};
    if (!properties.empty()) out["properties"] = std::move(properties);
    results_.push_back(std::move(out));
  }

  void notify(std::string_view level, std::string_view code, std::string text) {
    notifications_.push_back(json::object{
        {"level", level}, {"descriptor", {{"id", code}}}, {"message", message(std::move(text))}});
  }

  json::object artifact_;  // of the file that is being added
  json::array artifacts_, results_, notifications_;
  std::size_t left_out_ = 0;
  bool successful_ = true;
};

}  // namespace

std::string sarif_report(std::span<const AuditedFile> files) {
  Log log;
  for (const AuditedFile& file : files) log.add(file);
  return log.text();
}

}  // namespace skops
