// JSON with comments as a small tree in which every value knows its place, for files that people
// write: errors name line and column, and edits keep what stands around.
//
// The grammar is Boost.JSON's. What it leaves open is refused here: duplicate keys, characters that
// move the cursor or hide text (in comments, too), and bytes that are no UTF-8.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "skops/error.hpp"
#include "support/json_text.hpp"

namespace skops {

struct PlacedValue {
  enum class Kind { null, boolean, integer, number, text, list, object };
  Kind kind = Kind::null;
  std::string text;                // of a text
  std::int64_t integer = 0;        // of an integer
  std::size_t begin = 0, end = 0;  // bytes of the document
  std::string key;                 // of an object's member
  std::size_t key_begin = 0;
  std::vector<PlacedValue> items;  // of a list or an object

  const PlacedValue* find(std::string_view key) const;
};

class PlacedJson {
 public:
  // Throws skops::Error: usage ("policy.syntax"), or limit ("limit.policy_depth").
  PlacedJson(std::string_view text, std::string_view origin, std::uint64_t depth);

  const PlacedValue& root() const { return root_; }
  std::string_view text() const { return text_; }
  std::string_view origin() const { return origin_; }
  std::size_t line(std::size_t at) const;
  // "origin:line:column"; columns count characters, from 1.
  std::string place(std::size_t at) const;

  [[noreturn]] void fail(std::size_t at, const char* code, const std::string& what,
                         const std::string& remedy = {}) const;
  // Each refuses what is not so ("policy.bad-file").
  void require(const PlacedValue& value, PlacedValue::Kind kind, const char* what) const;
  void keys(const PlacedValue& object, std::initializer_list<std::string_view> known) const;

 private:
  void check_characters() const;

  std::string_view text_, origin_;
  TextLines lines_;
  PlacedValue root_;
};

}  // namespace skops
