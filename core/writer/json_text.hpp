// JSON as this library writes it: texts, real numbers, and how much plain data may become one text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace skops {

// Plain data as text: far below what json.loads nests (about 1,000) and what readers take as one
// string.
inline constexpr std::uint32_t deepest_plain = 64;
inline constexpr std::uint64_t longest_plain = std::uint64_t{16} << 20;

// Appends `text`, which is UTF-8, as a JSON string, quotes included.
void append_json_string(std::string& out, std::string_view text);
// Appends what stands between the quotes of a JSON string that holds `json`, itself JSON text.
void append_json_in_json(std::string& out, std::string_view json);
// The same for the JSON string of `text`: \"text\".
void append_string_in_json(std::string& out, std::string_view text);
// The longest that a text of so many bytes can become, with what separates it from its value: a
// character takes at most six.
constexpr std::uint64_t json_text_bound(std::uint64_t bytes) { return 6 * bytes + 4; }

// The shortest text that reads back as the same number, and as a real one. NaN and the infinities as
// Python's json writes them.
void append_json_real(std::string& out, double value);

}  // namespace skops
