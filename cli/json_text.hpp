// JSON as text, piece by piece: what the command writes is too large or too flat for a tree.
#pragma once

#include <string>
#include <string_view>

namespace skops_cli {

// The text in quotes, valid JSON whatever the bytes are: what is not UTF-8 becomes U+FFFD, and
// control characters become escapes (so that a terminal is safe, too).
std::string json_string(std::string_view text);

// The shortest text that reads back as the same double; JSON has no NaN and no infinity: null.
std::string json_number(double value);

}  // namespace skops_cli
