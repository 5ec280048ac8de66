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

  // Begins anew: what was pushed is forgotten, what was charged stays charged.
  void reset();
  // The tape is whole. To be called once, after the last event.
  void finish() { tape_.entries_.resize(count_); }

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

  // The index that the end is to be told.
  Tape::Index begin_array() { return begin(JsonKind::array); }
  Tape::Index begin_object() { return begin(JsonKind::object); }
  void end_array(Tape::Index array, std::size_t size) { end(array, size); }
  void end_object(Tape::Index object, std::size_t size);

  // A string or key that lies in the text as it is.
  void string(std::string_view view) {
    if (view.size() > most_string_) refuse_string();
    push(JsonKind::string, static_cast<std::uint32_t>(view.size()),
         static_cast<std::uint64_t>(view.data() - tape_.text_.data()));
  }
  // A string or key in pieces that are copied: any number of parts, then the last piece.
  void string_part(std::string_view piece);
  bool in_parts() const { return in_parts_; }
  void string_end(std::string_view piece);

  // Copies of entries that were pushed before: keys and values that are no arrays or objects.
  void repeat(Tape::Index first, std::uint32_t count) {
    for (std::uint32_t k = 0; k < count; ++k) {
      if (count_ == granted_) grant();
      entries_[count_++] = entries_[first + k];
    }
  }
  // What has been pushed so far; only of objects that have ended.
  const Tape& tape() const { return tape_; }
  // Whether the entry is a string that lies in the text as it is.
  bool in_text(Tape::Index k) const {
    return entries_[k].kind == static_cast<std::uint8_t>(JsonKind::string) &&
           entries_[k].escaped == 0;
  }

  [[noreturn]] void fail(const char* code, std::string text) const;

 private:
  void push(JsonKind kind, std::uint32_t extent, std::uint64_t payload) {
    if (count_ == granted_) grant();
    entries_[count_++] = {static_cast<std::uint8_t>(kind), 0, 0, extent, payload};
  }
  void grant();
  Tape::Index begin(JsonKind kind) {
    push(kind, 0, 0);
    return static_cast<Tape::Index>(count_ - 1);
  }
  void end(Tape::Index index, std::size_t size) {
    entries_[index].extent = static_cast<std::uint32_t>(count_);
    entries_[index].payload = size;
  }
  void check_string(std::size_t bytes) const {
    if (bytes > most_string_) refuse_string();
  }
  [[noreturn]] void refuse_string() const;
  // " near byte N", as the parser says it; the token lies in the text.
  std::string near(std::string_view token) const;
  void index_keys(Tape::Index object, std::size_t size);
  bool hash_keys(Tape::Index object, std::size_t size);
  void sort_keys(Tape::Index object, std::size_t size);
  [[noreturn]] void duplicate(Tape::Index key) const;

  Tape& tape_;
  Budget& budget_;
  std::string member_;
  std::uint64_t most_string_;
  Tape::Entry* entries_ = nullptr;  // the tape's; as many as granted
  std::uint64_t count_ = 0;
  std::uint64_t granted_ = 0;  // entries that the budget has been charged for
  bool in_parts_ = false;
  std::size_t part_start_ = 0;
};

}  // namespace skops
