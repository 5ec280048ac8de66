// UTF-8, checked: data comes from files that may hold anything.
#pragma once

#include <cstddef>
#include <string_view>

namespace skops_cli {

// The length of the character at the start of `text`, 0 where the bytes are not valid UTF-8 (too
// long forms, surrogates and points beyond U+10FFFF are not).
std::size_t utf8_length(std::string_view text);

// The position of the first byte that is not valid UTF-8, or npos.
std::size_t find_invalid_utf8(std::string_view text);

}  // namespace skops_cli
