#include "schema/tape_builder.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>

#include "schema/key_hash.hpp"
#include "schema/same_text.hpp"
#include "schema/schema_key.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

// Up to here comparing all pairs of keys is faster than an index.
constexpr std::size_t most_scanned = 12;
// Python reads no integer of more digits than this; a bound also keeps conversions linear.
constexpr std::size_t most_digits = 4300;
// Entries are charged in blocks, so that the budget costs nothing per value.
constexpr std::uint64_t block = 256;

}  // namespace

TapeBuilder::TapeBuilder(Tape& tape, std::string_view text, Budget& budget, std::string_view member)
    : tape_(tape),
      budget_(budget),
      member_(member),
      most_string_(std::min<std::uint64_t>(budget.limits().string_bytes,
                                           std::numeric_limits<std::uint32_t>::max())) {
  tape_.text_ = text;
  // Values of real schemas take 8 bytes of text or more each; pages that are not written cost
  // nothing.
  tape_.entries_.reserve(std::min<std::size_t>(text.size() / 8 + 1, std::size_t{1} << 22));
}

void TapeBuilder::fail(const char* code, std::string text) const {
  throw Error(Family::malformed, code, std::move(text), {.member = member_});
}

std::string TapeBuilder::near(std::string_view token) const {
  return " near byte " + std::to_string(token.data() - tape_.text_.data());
}

void TapeBuilder::grant() {
  // A value takes one byte of text at least, so a short text is never charged a whole block.
  const std::uint64_t left =
      tape_.text_.size() - std::min<std::uint64_t>(granted_, tape_.text_.size());
  const std::uint64_t more = std::clamp<std::uint64_t>(left, 1, block);
  if (granted_ + more >= Tape::none) {
    throw Error(Family::limit, "limit.json_values", "more JSON values than a tape can number",
                {.member = member_});
  }
  budget_.add_json_values(more);
  granted_ += more;
  tape_.entries_.resize(granted_);
  entries_ = tape_.entries_.data();
}

void TapeBuilder::reset() {
  count_ = 0;
  in_parts_ = false;
  tape_.side_.clear();
  tape_.key_index_.clear();
}

void TapeBuilder::refuse_string() const {
  throw Error(Family::limit, "limit.string_bytes",
              "a string of more than " + std::to_string(most_string_) + " bytes",
              {.member = member_},
              "raise Limits::string_bytes if you trust the origin of the file");
}

void TapeBuilder::real(double value) {
  push(JsonKind::real, 0, std::bit_cast<std::uint64_t>(value));
}

void TapeBuilder::big_integer(std::string_view token) {
  if (token.size() > most_digits) {
    fail("json.number", "an integer of too many digits" + near(token));
  }
  push(JsonKind::big_integer, static_cast<std::uint32_t>(token.size()),
       static_cast<std::uint64_t>(token.data() - tape_.text_.data()));
}

void TapeBuilder::real(std::string_view token) {
  if (token.size() > most_digits) fail("json.number", "a number of too many digits" + near(token));
  double value = 0;
  const auto [end, status] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (status != std::errc{} || end != token.data() + token.size()) {
    fail("json.number", "a number that no double can hold, " + std::string(token.substr(0, 60)) +
                            "," + near(token));
  }
  real(value);
}

void TapeBuilder::string_part(std::string_view piece) {
  if (!in_parts_) {
    in_parts_ = true;
    part_start_ = tape_.side_.size();
    // Once, for all that may come: pages that are not written cost nothing.
    if (part_start_ == 0) tape_.side_.reserve(tape_.text_.size());
  }
  check_string(tape_.side_.size() - part_start_ + piece.size());
  tape_.side_.append(piece);
}

void TapeBuilder::string_end(std::string_view piece) {
  string_part(piece);
  in_parts_ = false;
  push(JsonKind::string, static_cast<std::uint32_t>(tape_.side_.size() - part_start_), part_start_);
  entries_[count_ - 1].escaped = 1;
}

void TapeBuilder::end_object(Tape::Index object, std::size_t size) {
  end(object, size);
  if (size > most_scanned) return index_keys(object, size);
  Tape::Index others[most_scanned];  // the keys without number
  std::size_t count = 0;
  std::uint32_t seen = 0;
  const auto last = static_cast<Tape::Index>(count_);
  for (Tape::Index k = object + 1; k != last; k = tape_.next(k + 1)) {
    const std::string_view key = tape_.text(k);
    const SchemaKey number =
        entries_[k].note != 0 ? static_cast<SchemaKey>(entries_[k].note) : schema_key(key);
    if (number != SchemaKey::other) {
      entries_[k].note = static_cast<std::uint16_t>(number);
      const std::uint32_t bit = 1u << static_cast<unsigned>(number);
      if ((seen & bit) != 0) duplicate(k);
      seen |= bit;
      continue;
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (same_text(tape_.text(others[i]), key)) duplicate(k);
    }
    others[count++] = k;
  }
}

void TapeBuilder::duplicate(Tape::Index key) const {
  fail("json.duplicate-key", "the key '" + printable(tape_.text(key), 60) + "' occurs twice");
}

void TapeBuilder::index_keys(Tape::Index object, std::size_t size) {
  const std::size_t start = tape_.key_index_.size();
  if (start > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(Family::limit, "limit.json_values", "more keys than a tape can number",
                {.member = member_});
  }
  if (!hash_keys(object, size)) {
    tape_.key_index_.resize(start);
    sort_keys(object, size);
  }
  tape_.entries_[object].payload |= std::uint64_t{start} << 32;
}

bool TapeBuilder::hash_keys(Tape::Index object, std::size_t size) {
  const std::size_t start = tape_.key_index_.size();
  const std::size_t slots = std::bit_ceil(2 * size);
  tape_.key_index_.resize(start + slots, Tape::none);
  Tape::Index* table = tape_.key_index_.data() + start;
  // Honest keys need 1.5 probes each. Keys made to collide use up this credit and get sorted.
  std::size_t credit = 8 * size + 64;
  for (Tape::Index k = tape_.first(object); k != tape_.next(object); k = tape_.next(k + 1)) {
    const std::string_view key = tape_.text(k);
    std::size_t slot = key_hash(key) & (slots - 1), probes = 1;
    for (; table[slot] != Tape::none; slot = (slot + 1) & (slots - 1)) {
      if (tape_.text(table[slot]) == key) duplicate(k);
      if (--credit == 0 || ++probes > Tape::most_probes) return false;
    }
    table[slot] = k;
  }
  tape_.entries_[object].note = Tape::hashed;
  return true;
}

void TapeBuilder::sort_keys(Tape::Index object, std::size_t size) {
  const std::size_t start = tape_.key_index_.size();
  tape_.key_index_.reserve(start + size);
  for (Tape::Index k = tape_.first(object); k != tape_.next(object); k = tape_.next(k + 1)) {
    tape_.key_index_.push_back(k);
  }
  const auto begin = tape_.key_index_.begin() + static_cast<std::ptrdiff_t>(start);
  std::sort(begin, tape_.key_index_.end(),
            [this](Tape::Index a, Tape::Index b) { return tape_.text(a) < tape_.text(b); });
  const auto twice = std::adjacent_find(
      begin, tape_.key_index_.end(),
      [this](Tape::Index a, Tape::Index b) { return tape_.text(a) == tape_.text(b); });
  if (twice != tape_.key_index_.end()) duplicate(*twice);
  tape_.entries_[object].note = Tape::sorted;
}

}  // namespace skops
