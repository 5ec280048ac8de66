// What an audit says, in words that all views share. Nothing here is escaped but what is marked so:
// a view makes its texts printable, or markup, itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "skops/audit.hpp"

namespace skops {

// "1 name", "2 names"
std::string count_text(std::size_t n, std::string_view noun);

struct Counts {
  std::size_t names = 0, allowed = 0, undecided = 0, denied = 0;
  std::size_t refusing = 0;  // of a native load
  std::size_t built = 0;     // by a native load
};
Counts counts_of(const Audit& audit);

// What the two ways to load make of the file.
std::string native_verdict(const Counts& counts);
std::string objects_verdict(const Audit& audit, const Counts& counts);

// Whether the finding is about a place in the object, and not about the policy.
bool has_place(const Finding& finding);

// What building the name as a Python object does, as "if built, …" goes on.
std::string effect_sentence(const AuditedName& name);
// What a native load makes of it: "builds it", "leaves it as data", "is refused because of it".
const char* native_sentence(const AuditedName& name);

// Names that are not ASCII with their other letters escaped: these can look like Latin ones.
bool is_ascii(std::string_view text);
std::string escaped(std::string_view text);

// Of a name that a rule could allow: `libskops trust add NAME` for good, `--trust NAME` for a call.
std::string trust_command(const AuditedName& name);
std::string trust_option(const AuditedName& name);

// Names that belong together: of one decision and one library ("" for those of none), in the order
// of their first occurrence; what needs the reader comes first.
struct NameGroup {
  Decision decision = Decision::undecided;
  std::string library;
  std::vector<const AuditedName*> names;
};
std::vector<NameGroup> groups_of(const Audit& audit);
// "To decide, of xgboost", "Denied, of no library that a plugin declares"
std::string heading(const NameGroup& group);

}  // namespace skops
