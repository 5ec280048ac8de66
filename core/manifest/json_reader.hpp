// Reads JSON objects of which every key must be known: a cursor that names the place of whatever is
// wrong, by its path and by line and column, and refuses what nobody asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/tape.hpp"

namespace skops {

struct ManifestText {
  std::string_view text, origin;  // `origin` names the text in errors

  // "line 3, column 7: " of a byte.
  std::string place(std::size_t byte) const;
};

// One value of a manifest, with the path that errors name: `loaders[3].fields`. The text and the
// tape must outlive it.
class ManifestValue {
 public:
  ManifestValue(const ManifestText& text, const Tape& tape, Tape::Index index, std::string path)
      : text_(&text), tape_(&tape), index_(index), path_(std::move(path)) {}

  [[noreturn]] void fail(const std::string& what) const { fail_at(index_, what); }

  // "line 3, column 7: "
  std::string place() const { return place_of(index_); }
  std::string text() const;
  std::uint64_t number(std::uint64_t most) const;
  bool boolean() const;
  bool is_object() const { return tape_->kind(index_) == JsonKind::object; }
  // The elements of an array.
  std::vector<ManifestValue> items() const;
  std::vector<std::string> texts() const;
  // The one member of an object that has one; gives its key.
  std::string only_key() const;
  ManifestValue member(std::string_view key) const;  // must be there
  bool has(std::string_view key) const;
  // Refuses a value that is no object, or one with keys besides these.
  void keys(std::initializer_list<std::string_view> known) const;

 private:
  [[noreturn]] void fail_at(Tape::Index index, const std::string& what) const;
  std::string place_of(Tape::Index index) const;

  const ManifestText* text_;
  const Tape* tape_;
  Tape::Index index_;
  std::string path_;
};

}  // namespace skops
