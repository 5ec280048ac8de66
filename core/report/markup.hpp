// Texts as parts of a page. What comes from a file is printable first, and then escaped, so that it
// can never become markup, an attribute or a direction of writing.
#pragma once

#include <string>
#include <string_view>

namespace skops {

// Longer texts lose their end: a page is for people.
inline constexpr std::size_t most_shown = 2000;

std::string markup_text(std::string_view raw, std::size_t most = most_shown);
// A name or a path in <code>, which may be broken between its parts.
std::string code(std::string_view raw);
// Base64 of the SHA-256, as a content security policy names a style sheet.
std::string policy_hash(std::string_view content);

}  // namespace skops
