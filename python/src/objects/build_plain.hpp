// The quick way from JSON text to Python values: one pass, no tape.
//
// It reads what json.dumps writes, in Python's dialect, and gives up on everything else: on errors,
// on what exceeds a limit, on numbers that need a closer look. The strict parser (schema/tape.hpp)
// then says what is wrong, or reads what is rare, so that there is one judge of what a text may
// hold.
#pragma once

#include <string>
#include <string_view>

#include "python.hpp"
#include "schema/scan_json.hpp"
#include "skops/limits.hpp"

namespace skops_python {

class PlainReader {
 public:
  PlainReader(std::string_view text, skops::Budget& budget)
      : at_(text.data()), end_(at_ + text.size()), budget_(budget) {}

  // The value of the whole text, or null. Throws PythonError only where Python has no memory.
  Ref read();

 private:
  Ref value(std::uint64_t depth);
  Ref list(std::uint64_t depth);
  Ref dict(std::uint64_t depth);
  Ref text();
  Ref escaped_text(const char* begin);
  Ref number();
  Ref word(std::string_view word, PyObject* value);
  bool code_unit(std::uint32_t& unit);
  // Past white space; false at the end.
  [[gnu::always_inline]] bool space() {
    at_ = skops::skip_space(at_, end_);
    return at_ != end_;
  }
  [[gnu::always_inline]] bool accept(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  const char* at_;
  const char* end_;
  skops::Budget& budget_;
  std::uint64_t values_ = 0;  // not yet charged
  std::string side_;
};

}  // namespace skops_python
