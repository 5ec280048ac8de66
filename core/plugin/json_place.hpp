// Where in a JSON text a value stands, for errors that people can follow with an editor.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace skops {

// "line 3, column 7"; columns count bytes from 1.
std::string line_and_column(std::string_view text, std::size_t byte);

// The byte where the `count`th value or key of the text begins, counted as a Tape counts them. The
// text must be well-formed JSON.
std::size_t place_of_entry(std::string_view text, std::size_t count);

// The byte of the first key that its object has before, as it is spelled; npos where none is.
std::size_t place_of_second_key(std::string_view text);

}  // namespace skops
