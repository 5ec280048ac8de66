// Fills a Tape from the events of a JSON parser, and holds the rules that a parser does not:
// limits, duplicate keys, integers of any size, numbers read exactly and without a locale.
//
// Events come in document order. Numbers are given as their text, which the grammar of JSON has
// already accepted. Every function throws skops::Error instead of breaking a limit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/tape.hpp"
#include "skops/limits.hpp"

namespace skops {

class TapeBuilder {
 public:
  TapeBuilder(Tape& tape, std::string_view text, Budget& budget, std::string_view member);

  void null() { push(JsonKind::null, 0, 0); }
  void boolean(bool value) { push(JsonKind::boolean, 0, value); }
  void integer(std::int64_t value) {
    push(JsonKind::integer, 0, static_cast<std::uint64_t>(value));
  }
  void real(double value);
  // A token of digits without fraction and exponent that does not fit 64 bits.
  void big_integer(std::string_view token);
  // A token with fraction or exponent.
  void real(std::string_view token);

  void begin_array() { begin(JsonKind::array); }
  void begin_object() { begin(JsonKind::object); }
  void end_array(std::size_t size) { end(size); }
  void end_object(std::size_t size);

  // A string or key that lies in the text as it is.
  void string(std::string_view view);
  // A string or key in pieces that are copied: any number of parts, then the last piece.
  void string_part(std::string_view piece);
  bool in_parts() const { return in_parts_; }
  void string_end(std::string_view piece);

  [[noreturn]] void fail(const char* code, std::string text) const;

 private:
  void push(JsonKind kind, std::uint32_t extent, std::uint64_t payload) {
    if (tape_.entries_.size() == granted_) grant();
    tape_.entries_.push_back({static_cast<std::uint8_t>(kind), 0, Tape::scan, extent, payload});
  }
  void grant();
  void begin(JsonKind kind);
  Tape::Index end(std::size_t size);
  void check_string(std::size_t bytes) const;
  void index_keys(Tape::Index object, std::size_t size);
  bool hash_keys(Tape::Index object, std::size_t size);
  void sort_keys(Tape::Index object, std::size_t size);
  [[noreturn]] void duplicate(Tape::Index key) const;

  Tape& tape_;
  Budget& budget_;
  std::string member_;
  std::uint64_t most_string_;
  std::uint64_t granted_ = 0;           // entries that the budget has been charged for
  std::vector<Tape::Index> open_ = {};  // arrays and objects that have not ended
  bool in_parts_ = false;
  std::size_t part_start_ = 0;
};

}  // namespace skops
