// Where in a JSON text something stands, for errors that people can follow with an editor.
//
// The parsers say what a text holds; here is only where: the tokens of a text, and the line and the
// column of a byte. Any text will do, well-formed or not; comments are passed over.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace skops {

class Error;

struct JsonToken {
  std::size_t begin, end;  // bytes of the text
};

// All tokens but commas and colons: brackets, texts, numbers and words.
std::vector<JsonToken> json_tokens(std::string_view text);

// The byte where the `count`th value or key of the text begins, counted as a Tape counts them. The
// text must be well-formed JSON.
std::size_t place_of_entry(std::string_view text, std::size_t count);

// The byte of the first key that its object has before, as it is spelled; npos where none is. The
// text must have no comments.
std::size_t place_of_second_key(std::string_view text);

// The byte that an error of parse_json speaks of: "near byte N" in its words, the key that is there
// twice, the end of a text that ends too early, or the first one.
std::size_t place_of_error(std::string_view text, const Error& error);

// The lines of a text, which must outlive it. Lines and columns count from 1; columns count
// characters.
class TextLines {
 public:
  explicit TextLines(std::string_view text);

  std::size_t line(std::size_t byte) const;
  std::size_t column(std::size_t byte) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> breaks_;  // where lines end
};

}  // namespace skops
