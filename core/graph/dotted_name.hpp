// The names that a schema may use for modules, classes and functions.
//
// Names are compared byte for byte and never normalised. A name is identifiers joined by dots; an
// identifier is ASCII letters, digits and underscores, not beginning with a digit, or any other
// characters above ASCII that are neither invisible nor reordering. Python's name of an anonymous
// function, `<lambda>`, counts as an identifier: honest files hold it, although nothing can be
// built from it.
#pragma once

#include <string_view>

namespace skops {

bool is_identifier(std::string_view text);
bool is_dotted_name(std::string_view text);

}  // namespace skops
