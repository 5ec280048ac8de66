// Reads JSON objects of which every key must be known: a cursor that names the place of whatever is
// wrong, and refuses what nobody asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/tape.hpp"

namespace skops {

// One value of a manifest, with the path that errors name: `loaders[3].fields`.
class ManifestValue {
 public:
  ManifestValue(const Tape& tape, Tape::Index index, std::string path, std::string_view origin)
      : tape_(&tape), index_(index), path_(std::move(path)), origin_(origin) {}

  [[noreturn]] void fail(const std::string& what) const;

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
  const Tape* tape_;
  Tape::Index index_;
  std::string path_;
  std::string_view origin_;
};

}  // namespace skops
