#include "report/sarif_rules.hpp"

#include <algorithm>
#include <iterator>

namespace skops {
namespace {

constexpr SarifRule table[] = {
    {"trust.undecided", "UndecidedName", "warning", "5.0", "A name that nobody has decided about",
     "The file names a type or function that no rule of the trust policy allows. libskops.io.load "
     "refuses the file; a native load leaves the name as data.",
     "Find out what the name is and where the file comes from. If both are fine, allow exactly "
     "this "
     "name with 'libskops trust add NAME', or for one call with --trust NAME."},
    {"trust.not-opted-in", "LibraryNotOptedIn", "warning", "4.0",
     "A name of a library that nobody has opted in",
     "A plugin describes the library that this name belongs to, and declares the name, but third "
     "parties' libraries count only once somebody opts in to them.",
     "If you use this library and expect its objects in the file, opt in with 'libskops trust add "
     "LIBRARY': that allows what its plugin declares, and nothing else of the library."},
    {"trust.denied", "DeniedName", "error", "8.0", "A name that a rule of the policy denies",
     "A deny rule hits a name of the file. Deny beats allow, whatever the order: neither a native "
     "load nor libskops.io.load takes the file.",
     "Do not use the file; or, if the rule is wider than it was meant, change the rule where it "
     "stands."},
    {"trust.refused", "RefusedName", "error", "9.0", "A name that is always refused",
     "The name imports, evaluates text, starts processes, reaches around the audit or loads "
     "further "
     "files. No honest model needs it, and no rule can allow it.",
     "Do not load the file as Python objects. Treat it as an attack, unless you made it yourself. "
     "Only the code of a host can lift the refusal of a single name."},
    {"audit.class-for-loader", "ClassForLoader", "error", "9.0",
     "A loader that names a class which it does not build",
     "The file gives a loader a class that this loader never builds, so that what is audited would "
     "not be what is built. Honest files do not.",
     "Do not use the file."},
    {"audit.class-with-dots", "ClassWithDots", "error", "8.0", "A class with a dot in its name",
     "A module and a class are joined by a dot; a class that holds one joins to the text of "
     "another "
     "name. No rule can mean it, so nothing can allow it.",
     "Do not use the file."},
    {"audit.method-owner", "MethodOwner", "error", "9.0",
     "A bound method that lies about its object",
     "The file says that a method belongs to another class than its object has, so that another "
     "method than the audited one would be bound.",
     "Do not use the file."},
    {"audit.unreadable-name", "UnreadableName", "error", "8.0", "A name that cannot be read",
     "A node uses a name that is no name of Python, too long, or no text at all.",
     "Do not use the file."},
    {"audit.unknown-loader", "UnknownLoader", "error", "5.0", "A loader that no plugin describes",
     "Nothing tells how an object of this loader would be built, so it cannot be built. The file "
     "was "
     "written by a newer release, by a plugin that is not there, or by hand.",
     "Update libskops, or add the plugin that describes the loader. No rule can help."},
    {"audit.operator", "OperatorName", "error", "9.0",
     "An operator that calls or reads what is refused",
     "operator.methodcaller is given a method that is not one of those that only compute, or "
     "operator.attrgetter an attribute that reaches around the audit. No rule for names sees what "
     "they are given.",
     "Do not use the file, or let the program that loads it lift the refusal (trust_refused)."},
    {"policy.not-adopted", "ProjectNotAdopted", "note", "1.0",
     "A project's policy that nobody has adopted",
     "A policy file lies in the project's folder. It is the word of its author and counts for "
     "nothing until its user adopts it.",
     "Look at what it says; then 'libskops trust adopt'."},
    {"policy.project-changed", "ProjectChanged", "note", "3.0",
     "A project's policy that was changed after it was adopted",
     "The policy file of the project is not the one that its user adopted, or cannot be read "
     "safely "
     "any more. It counts for nothing.",
     "Look at what changed; then 'libskops trust adopt'."},
    {"policy.library-release", "LibraryRelease", "note", "1.0",
     "A rule that does not count for the releases of a plugin",
     "A rule for a library is bound to releases, and its plugin describes others, or none.",
     "Widen the range once you have looked at the newer releases, or use the plugin for those that "
     "the rule means."},
    {"policy.unknown-library", "UnknownLibrary", "note", "1.0",
     "A rule for a library that no plugin describes",
     "A rule of the policy names a library, and no plugin with this id is there: the rule allows "
     "nothing.",
     "Correct the id, or add the plugin. 'libskops plugins' lists those that are there."},
    {"audit.finding", "Finding", "error", "5.0", "Something else about the file",
     "A finding that has no entry of its own.", "See the message."},
    {"file.refused", "RefusedFile", "error", "7.0", "A file that cannot be audited",
     "The file is missing, malformed, hostile, or beyond a limit. What is in it is not known, and "
     "no "
     "load takes it.",
     "See the message. A file that was damaged on its way has to be fetched again; a malformed one "
     "from somebody else should be treated as an attack."},
};

}  // namespace

std::span<const SarifRule> sarif_rules() {
  return table;
}

std::size_t sarif_rule(std::string_view id) {
  const auto at = std::find_if(std::begin(table), std::end(table),
                               [&](const SarifRule& rule) { return rule.id == id; });
  if (at == std::end(table)) return sarif_rule("audit.finding");
  return static_cast<std::size_t>(at - std::begin(table));
}

std::string_view sarif_rule_of(const AuditedName& name) {
  switch (name.reason) {
    case Reason::class_for_loader:
    case Reason::class_with_dots: return {};
    case Reason::standing_refusal: return "trust.refused";
    case Reason::by_default:
    case Reason::rule: return "trust.denied";
    case Reason::not_opted_in:
    case Reason::loader_not_opted_in: return "trust.not-opted-in";
    case Reason::other_use:
    case Reason::no_rule: break;
  }
  return name.loader_plugin.empty() ? std::string_view() : "trust.undecided";
}

}  // namespace skops
