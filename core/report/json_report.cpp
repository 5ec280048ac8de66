#include <boost/json.hpp>

#include "report/views.hpp"
#include "report/words.hpp"
#include "skops/report.hpp"

namespace skops {
namespace {

namespace json = boost::json;

json::object object_of(const Audit& audit, const AuditedName& name) {
  json::array paths, places;
  for (const std::string& path : name.paths) {
    paths.emplace_back(path);
    places.emplace_back(audit.place(path));
  }
  return {{"name", name.name},
          {"module", name.module},
          {"class", name.cls},
          {"use", name.use},
          {"loader", name.loader},
          {"loader_plugin", name.loader_plugin},
          {"library", name.library},
          {"decision", text_of(name.decision)},
          {"reason", text_of(name.reason)},
          {"rule", name.rule},
          {"rule_text", name.rule_text},
          {"origin", name.origin},
          {"effect", text_of(name.effect)},
          {"effect_text", effect_sentence(name)},
          {"contents_checked", name.contents_checked},
          {"native", name.native},
          {"refuses_native", name.refuses_native},
          {"allow", name.allow},
          {"remedy", name.allow.empty() ? std::string() : trust_option(name)},
          {"command", name.allow.empty() ? std::string() : trust_command(name)},
          {"cannot_allow", name.cannot_allow},
          {"count", name.count},
          {"paths", std::move(paths)},
          {"places", std::move(places)}};
}

}  // namespace

std::string json_report(const Audit& audit) {
  json::array names, findings, untrusted;
  for (const AuditedName& name : audit.names()) names.push_back(object_of(audit, name));
  for (const Finding& finding : audit.findings()) {
    findings.push_back(json::object{{"code", finding.code},
                                    {"text", finding.text},
                                    {"path", finding.path},
                                    {"place", audit.place(finding.path)},
                                    {"refuses", finding.refuses}});
  }
  for (const std::string& name : audit.untrusted()) untrusted.emplace_back(name);
  return visible_json(json::serialize(json::object{{"ok", audit.ok()},
                                                   {"native_ok", audit.native_ok()},
                                                   {"root", audit.root()},
                                                   {"untrusted", std::move(untrusted)},
                                                   {"findings", std::move(findings)},
                                                   {"names", std::move(names)}}));
}

}  // namespace skops
