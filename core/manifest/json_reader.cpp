#include "manifest/json_reader.hpp"

#include <algorithm>

#include "skops/error.hpp"
#include "support/json_text.hpp"

namespace skops {

std::string ManifestText::place(std::size_t byte) const {
  const TextLines lines(text);
  return "line " + std::to_string(lines.line(byte)) + ", column " +
         std::to_string(lines.column(byte)) + ": ";
}

std::string ManifestValue::place_of(Tape::Index index) const {
  return text_->place(place_of_entry(text_->text, index));
}

void ManifestValue::fail_at(Tape::Index index, const std::string& what) const {
  throw Error(Family::plugin, "manifest.malformed",
              place_of(index) + (path_.empty() ? std::string("the manifest") : path_) + " " + what,
              {.member = std::string(text_->origin)}, "install the plugin again");
}

std::string ManifestValue::text() const {
  if (tape_->kind(index_) != JsonKind::string) fail("is not a text");
  return std::string(tape_->text(index_));
}

std::uint64_t ManifestValue::number(std::uint64_t most) const {
  if (tape_->kind(index_) != JsonKind::integer || tape_->integer(index_) < 0 ||
      static_cast<std::uint64_t>(tape_->integer(index_)) > most) {
    fail("is not a whole number up to " + std::to_string(most));
  }
  return static_cast<std::uint64_t>(tape_->integer(index_));
}

bool ManifestValue::boolean() const {
  if (tape_->kind(index_) != JsonKind::boolean) fail("is neither true nor false");
  return tape_->boolean(index_);
}

std::vector<ManifestValue> ManifestValue::items() const {
  if (tape_->kind(index_) != JsonKind::array) fail("is not a list");
  std::vector<ManifestValue> out;
  for (Tape::Index i = tape_->first(index_); i != tape_->next(index_); i = tape_->next(i)) {
    out.emplace_back(*text_, *tape_, i, path_ + '[' + std::to_string(out.size()) + ']');
  }
  return out;
}

std::vector<std::string> ManifestValue::texts() const {
  std::vector<std::string> out;
  for (const ManifestValue& item : items()) out.push_back(item.text());
  return out;
}

std::string ManifestValue::only_key() const {
  if (!is_object() || tape_->size(index_) != 1) fail("is not an object with one key");
  return std::string(tape_->text(tape_->first(index_)));
}

ManifestValue ManifestValue::member(std::string_view key) const {
  if (!is_object()) fail("is not an object");
  const Tape::Index found = tape_->find(index_, key);
  if (found == Tape::none) fail("lacks the key " + std::string(key));
  return {*text_, *tape_, found, path_.empty() ? std::string(key) : path_ + '.' + std::string(key)};
}

bool ManifestValue::has(std::string_view key) const {
  return is_object() && tape_->find(index_, key) != Tape::none;
}

void ManifestValue::keys(std::initializer_list<std::string_view> known) const {
  if (!is_object()) fail("is not an object");
  for (Tape::Index k = tape_->first(index_); k != tape_->next(index_); k = tape_->next(k + 1)) {
    if (std::find(known.begin(), known.end(), tape_->text(k)) == known.end()) {
      fail_at(k, "has the unknown key " + printable(tape_->text(k), 60));
    }
  }
}

}  // namespace skops
