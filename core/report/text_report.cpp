// For people, in 80 columns. What needs the reader first, a few lines a name; one line a library
// for what is allowed. The first letter of a line tells what it is: x denied, ? to decide, ! a
// finding,
// + allowed.
#include <algorithm>
#include <map>
#include <set>

#include "report/views.hpp"
#include "report/words.hpp"

namespace skops {
namespace {

constexpr std::size_t width = 80, label_width = 17;

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

// Words broken into lines of at most 80 columns; all but the first begin with `indent` spaces. What
// holds no space, as a name or a path, stays in one piece.
std::string wrapped(std::string line, std::string_view text, std::size_t indent) {
  std::string out;
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!first && columns(line) + 1 + columns(word) > width) {
      out += line + '\n';
      line.assign(indent, ' ');
      first = true;
    }
    if (!first) line += ' ';
    line += word;
    first = false;
  }
  return out + line + '\n';
}

std::string field(std::string_view label, std::string_view text) {
  std::string line = "    ";
  line += label;
  line.resize(std::max(line.size() + 1, label_width), ' ');
  return wrapped(std::move(line), text, label_width);
}

std::string places(const Audit& audit, const AuditedName& name) {
  std::string out;
  for (const std::string& path : name.paths) {
    out += field(out.empty() ? "where" : "", printable(audit.place(path)));
  }
  if (name.count > name.paths.size()) {
    out += field(out.empty() ? "where" : "",
                 "and " + count_text(name.count - name.paths.size(), "more place"));
  }
  return out;
}

// One that is denied or needs a decision.
std::string paragraph(const Audit& audit, const AuditedName& name) {
  std::string out = (name.decision == Decision::denied ? "x " : "? ") + printable(name.name) + '\n';
  if (!is_ascii(name.name)) {
    out += field("letters", "not only ASCII: " + printable(escaped(name.name), 1000));
  }
  out += field("used as", name.use.empty() ? "unknown" : printable(name.use));
  out += places(audit, name);
  out += field("why", printable(name.rule));
  if (name.effect != Effect::none) out += field("if built", effect_sentence(name));
  out += field("native load", native_sentence(name));
  return out;
}

// The line that allows a name, or why none does.
std::string remedy(const AuditedName& name) {
  if (name.allow.empty()) return field("allow", printable(name.cannot_allow, 400));
  return field("allow", trust_command(name)) + field("", "for one call: " + trust_option(name));
}

// Names that one rule allows together have it once.
std::string to_decide(const Audit& audit, const NameGroup& group) {
  const std::string& allow = group.names.front()->allow;
  const bool together = group.names.size() > 1 && !allow.empty() &&
                        std::all_of(group.names.begin(), group.names.end(),
                                    [&](const AuditedName* name) { return name->allow == allow; });
  std::string out = "\n" + heading(group) + '\n';
  if (together) out += remedy(*group.names.front());
  bool first = !together;
  for (const AuditedName* name : group.names) {
    if (!first) out += '\n';
    first = false;
    out += paragraph(audit, *name);
    if (!together) out += remedy(*name);
  }
  return out;
}

// A line for the names of a library that one rule allows. What is trusted by default goes by its
// class alone, where that tells it from the others.
std::string allowed(const NameGroup& group) {
  std::map<std::string, std::set<std::string>> modules_of;
  for (const AuditedName* name : group.names) modules_of[name->cls].insert(name->module);
  std::map<std::string, std::set<std::string>> by_rule;
  std::set<std::string> data;
  for (const AuditedName* name : group.names) {
    const bool by_default = name->reason == Reason::by_default;
    std::string shown = by_default && modules_of[name->cls].size() == 1 ? name->cls : name->name;
    if (name->contents_checked) shown += " (contents checked)";
    if (!name->native) data.insert(name->cls);
    by_rule[by_default ? "trusted by default" : name->rule].insert(printable(shown));
  }
  std::string out;
  for (const auto& [rule, names] : by_rule) {
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    const std::string library = group.library.empty() ? "no library" : group.library;
    out += wrapped("+ ", library + ", " + printable(rule) + ": " + list, 4);
  }
  if (!data.empty()) {
    std::string list;
    for (const std::string& name : data) list += (list.empty() ? "" : ", ") + printable(name);
    out += wrapped("    ", "data in a native load: " + list, 6);
  }
  return out;
}

}  // namespace

std::string text_report(const Audit& audit) {
  const Counts counts = counts_of(audit);
  std::string out = count_text(counts.names, "name") + ": " + std::to_string(counts.allowed) +
                    " allowed, " + std::to_string(counts.undecided) + " to decide, " +
                    std::to_string(counts.denied) + " denied\n";
  out += "native load: " + native_verdict(counts) + '\n';
  out += "Python objects: " + objects_verdict(audit, counts) + '\n';
  for (const Finding& finding : audit.findings()) {
    out += '\n' + wrapped("! ", printable(finding.text), 4);
    if (has_place(finding)) out += field("where", printable(audit.place(finding.path)));
    out += field("code", finding.code);
  }
  std::vector<std::string> remedies;
  bool first = true;
  for (const NameGroup& group : groups_of(audit)) {
    if (group.decision == Decision::allowed) {
      if (first) out += '\n';
      first = false;
      out += allowed(group);
      continue;
    }
    out += to_decide(audit, group);
    for (const AuditedName* name : group.names) {
      if (name->allow.empty()) continue;
      std::string option = trust_option(*name);
      const bool known = std::find(remedies.begin(), remedies.end(), option) != remedies.end();
      if (!known && remedies.size() < 100) remedies.push_back(std::move(option));
    }
  }
  constexpr std::size_t most_remedies = 20;
  if (!audit.denied() && remedies.size() > 1 && remedies.size() <= most_remedies) {
    std::string all = "all of them:";
    for (const std::string& remedy : remedies) all += ' ' + remedy;
    out += '\n' + wrapped("", all, 4);
  }
  return out;
}

}  // namespace skops
