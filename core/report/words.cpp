#include "report/words.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace skops {

std::string count_text(std::size_t n, std::string_view noun) {
  return std::to_string(n) + ' ' + std::string(noun) + (n == 1 ? "" : "s");
}

Counts counts_of(const Audit& audit) {
  Counts counts;
  counts.names = audit.names().size();
  for (const AuditedName& name : audit.names()) {
    ++(name.decision == Decision::allowed  ? counts.allowed
       : name.decision == Decision::denied ? counts.denied
                                           : counts.undecided);
    counts.refusing += name.refuses_native;
    counts.built += name.native;
  }
  return counts;
}

std::string native_verdict(const Counts& counts) {
  if (counts.refusing > 0) return "refused because of " + count_text(counts.refusing, "name");
  const std::string built = counts.built == 0 ? "none" : std::to_string(counts.built);
  return "goes ahead, builds " + built + " of them" +
         (counts.built == counts.names || counts.built == 0 ? "" : ", the others stay data");
}

std::string objects_verdict(const Audit& audit, const Counts& counts) {
  if (audit.ok()) return "every name is allowed";
  if (counts.denied > 0) return "refused because of " + count_text(counts.denied, "name");
  if (counts.undecided > 0) return count_text(counts.undecided, "name") + " to decide";
  return "refused, see below";
}

bool has_place(const Finding& finding) {
  return !finding.code.starts_with("policy.");
}

std::string effect_sentence(const AuditedName& name) {
  std::string out;
  switch (name.effect) {
    case Effect::none: return "nothing: no plugin says how it would be built";
    case Effect::data: return "holds data only; none of its code runs";
    case Effect::refers: return "is imported and handed on; runs when what holds it is used";
    case Effect::wraps:
      return "wraps a call with arguments from the file; runs when what holds it is used";
    case Effect::binds:
      return "becomes a method of an object in the file; runs when what holds it is used";
    case Effect::creates:
      out = "an instance is made without its constructor and takes its state from the file";
      break;
    case Effect::calls: out = "is called with what the file says"; break;
    case Effect::hook: out = "is made from its parts by the host's own code for it"; break;
  }
  if (name.contents_checked) {
    out += "; before that, the plugin " + name.library + " checks its contents";
  }
  return out;
}

const char* native_sentence(const AuditedName& name) {
  return name.refuses_native ? "is refused because of it"
         : name.native       ? "builds it"
                             : "leaves it as data";
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

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

std::string trust_command(const AuditedName& name) {
  return "libskops trust add " + name.allow;
}

std::string trust_option(const AuditedName& name) {
  return "--trust " + name.allow;
}

std::vector<NameGroup> groups_of(const Audit& audit) {
  std::vector<NameGroup> groups;
  for (const Decision wanted : {Decision::denied, Decision::undecided, Decision::allowed}) {
    std::map<std::string, std::size_t> numbers;
    for (const AuditedName& name : audit.names()) {
      if (name.decision != wanted) continue;
      const auto [at, added] = numbers.emplace(name.library, groups.size());
      if (added) groups.push_back({wanted, name.library, {}});
      groups[at->second].names.push_back(&name);
    }
  }
  return groups;
}

std::string heading(const NameGroup& group) {
  const char* decision = group.decision == Decision::denied      ? "Denied"
                         : group.decision == Decision::undecided ? "To decide"
                                                                 : "Allowed";
  return std::string(decision) + ", of " +
         (group.library.empty() ? std::string("no library that a plugin declares") : group.library);
}

}  // namespace skops
