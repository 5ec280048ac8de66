// The audit as a page for browsers: one table, no scripts, nothing loaded from elsewhere. Texts of
// the file are made printable and escaped, so that a name can never become markup.
#pragma once

#include <string>
#include <string_view>

#include "skops/audit.hpp"

namespace skops {

// "--trust NAME", the rule that allows exactly this name; empty where none can.
std::string remedy_of(const AuditedName& name);
// What the two ways to load make of the file, a line each.
std::string verdicts(const Audit& audit);
// Names that are not ASCII with their other letters escaped: these can look like Latin ones.
bool is_ascii(std::string_view text);
std::string escaped(std::string_view text);

std::string html_report(const Audit& audit);

}  // namespace skops
