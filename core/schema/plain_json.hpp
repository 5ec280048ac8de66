// The quick way from JSON text to a tape, for what honest files hold: one pass, eight bytes at a
// time.
//
// It gives up on everything else (errors, letters beyond ASCII, escapes with a code, numbers that
// need a closer look, deep nesting), and the strict parser then starts anew and reads what is rare
// or says what is wrong: there is one judge of what a text may hold. Limits are the builder's.
#pragma once

#include <cstdint>
#include <string_view>

#include "schema/tape_builder.hpp"

namespace skops {

class PlainJson {
 public:
  PlainJson(TapeBuilder& builder, std::string_view text, std::uint64_t most_depth);

  // Whether the whole text is on the tape now; if not, what is there means nothing.
  bool parse();

 private:
  bool key();
  bool string();
  bool escaped_string(const char* begin);
  bool word(std::string_view text);
  bool number();
  bool scalar();

  TapeBuilder& builder_;
  const char* at_;
  const char* const begin_;
  const char* const end_;
  const std::uint64_t most_depth_;
};

}  // namespace skops
