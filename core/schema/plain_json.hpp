// The quick way from JSON text to a tape, for what honest files hold: one pass, eight bytes at a
// time.
//
// It gives up on everything else (errors, letters beyond ASCII, escapes with a code, numbers that
// need a closer look, deep nesting), and the strict parser then starts anew and reads what is rare
// or says what is wrong: there is one judge of what a text may hold. Limits are the builder's.
//
// Nodes of one kind begin with the same class, module and loader, a third of a schema's text: such
// a beginning is compared as a whole with the last one of its kind, and its entries are copied.
#pragma once

#include <array>
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
  // An array or object that has not ended.
  struct Level {
    Tape::Index index;
    std::uint32_t size;
    bool object;
    const char* names;  // where the text of a beginning would be, if it is none that is known
  };
  // From the quote of "__class__" to the last quote of the loader's name.
  struct Beginning {
    const char* text = nullptr;
    std::size_t size = 0;
    Tape::Index entry = 0;  // the first of its six
  };
  enum class First { key, value, failed };

  First begin_object(Level& level);
  void remember(const Level& level);
  Beginning& beginning(const char* at);
  bool key();
  bool string();
  bool escaped_string(const char* begin);
  bool word(std::string_view text);
  bool number();
  bool scalar();

  TapeBuilder& builder_;
  std::array<Beginning, 16> beginnings_ = {};
  const char* at_;
  const char* const end_;
  const std::uint64_t most_depth_;
};

}  // namespace skops
