// str.lower() and scikit-learn's strip_accents, on UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace skops_sklearn::text {

enum class Accents : std::uint8_t { keep, ascii, unicode };

// Appends the lower case of valid UTF-8, as str.lower() gives it: full mappings and the rule of the
// final sigma included.
void append_lower(std::string_view in, std::string& out);

// Appends `in` after NFKD, without combining marks (unicode) or without all but ASCII (ascii).
void append_without_accents(std::string_view in, Accents accents, std::string& out);

}  // namespace skops_sklearn::text
