// Names that stay refused even when a rule lists them: what imports, evaluates, starts processes,
// reaches around the audit, or loads further files. refused_names.tsv has them, each with its
// reason; what ends in a name with two underscores is one, too.
#pragma once

#include <string_view>

namespace skops {

// Why a name is refused, or an empty text. `name` is module.Class, however it was split.
std::string_view refused_reason(std::string_view name);

// Why a function that names in its arguments what it calls or reads (operator.methodcaller,
// attrgetter) is refused where the file hands it on as it is, or an empty text: what it is given
// then, by a functools.partial for example, no audit sees.
std::string_view refused_unless_seen(std::string_view name);

// Why an operator that is given the names of attributes (joined by dots) or of a method, as
// operator.attrgetter and operator.methodcaller are, is refused; or an empty text. One with two
// underscores reaches around the audit. A method with the last part of an exact name of the list
// (`eval`, `load`) does what that name is refused for, whatever it is called on.
std::string_view refused_attribute_reason(std::string_view attributes);
std::string_view refused_method_reason(std::string_view method);

// Whether a method of this name only computes, on whatever object an array, a table or a text may
// be: it calls nothing that it is given, reads no file and writes none. harmless_methods.tsv has
// them, each with a class that has it.
bool harmless_method(std::string_view method);

}  // namespace skops
