// JSON as a flat tape: one vector of 16-byte entries in document order, no tree of allocations.
//
// `schema.json` of a thousand-tree forest is 14.6 MB and 700,000 values, and the text of a JsonNode
// may be anything from `null` to a vocabulary of 40,000 terms. Both become a tape:
//
//   {"a": [1, true]}   ->   0 object (2 values below, ends at 5)   1 string a   2 array (ends at 5)
//                           3 integer 1   4 boolean true
//
// An object is followed by its keys, each directly followed by its value; `next` skips a value with
// everything below it. Strings without escapes are views into the text that was parsed, so *the
// text must outlive the tape*; the others are kept by the tape. Integers beyond 64 bits keep their
// digits (big_integer), nothing becomes a double silently. Reading a tape allocates nothing, cannot
// fail, and may happen in many threads; an index must come from the same tape, and the accessor
// must fit the kind.
//
// What is refused (skops::Error; `Family::malformed` with codes `json.*`, `Family::limit` with the
// limit's code): anything but one value in UTF-8 without a byte order mark, duplicate keys, lone
// surrogates, numbers that no double can hold, numbers of more than 4,300 characters (Python's own
// bound), nesting beyond Limits::json_depth, strings beyond Limits::string_bytes. Time and memory
// are linear in the text, whatever the keys are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/schema_key.hpp"

namespace skops {

class Budget;

enum class JsonKind : std::uint8_t {
  null,
  boolean,
  integer,
  big_integer,
  real,
  string,
  array,
  object
};

class Tape {
 public:
  using Index = std::uint32_t;
  static constexpr Index none = ~Index{0};

  // The whole document's value; every tape that parse_json gives has one.
  static constexpr Index root = 0;

  JsonKind kind(Index i) const { return static_cast<JsonKind>(entries_[i].kind); }

  // The index after the whole value. Elements: for (i = first(a); i != next(a); i = next(i)).
  // Members: for (k = first(o); k != next(o); k = next(k + 1)), the value of key k being at k + 1.
  Index next(Index i) const {
    return entries_[i].kind >= static_cast<std::uint8_t>(JsonKind::array) ? entries_[i].extent
                                                                          : i + 1;
  }
  Index first(Index i) const { return i + 1; }

  // The number of elements of an array or members of an object.
  std::uint32_t size(Index i) const { return static_cast<std::uint32_t>(entries_[i].payload); }

  bool boolean(Index i) const { return entries_[i].payload != 0; }
  std::int64_t integer(Index i) const { return static_cast<std::int64_t>(entries_[i].payload); }
  double real(Index i) const;
  // A string's or key's text, or the digits (with sign) of a big integer.
  std::string_view text(Index i) const {
    const Entry& entry = entries_[i];
    return {(entry.escaped ? side_.data() : text_.data()) + entry.payload, entry.extent};
  }

  // Whether these very bytes lie in the text that was parsed.
  bool holds(std::string_view bytes) const {
    const auto begin = reinterpret_cast<std::uintptr_t>(text_.data()),
               at = reinterpret_cast<std::uintptr_t>(bytes.data());
    return at >= begin && at - begin <= text_.size() && bytes.size() <= text_.size() - (at - begin);
  }

  // The value of a member, or `none`. Constant time in large objects, too, whatever their keys.
  Index find(Index object, std::string_view key) const { return search(object, key).value; }

  // The same, with the number of keys that it was compared with.
  struct Found {
    Index value;
    std::size_t compared;
  };
  Found search(Index object, std::string_view key) const;

  // The same for one of the keys that have numbers.
  Index find(Index object, SchemaKey key) const {
    const Entry& entry = entries_[object];
    if (entry.note != scan) return find(object, schema_key_text(key));
    for (Index k = first(object); k != entry.extent; k = next(k + 1)) {
      if (entries_[k].note == static_cast<std::uint16_t>(key)) return k + 1;
    }
    return none;
  }
  // Whether the keys of the object have been given their numbers: not so in large objects.
  bool numbered(Index object) const { return entries_[object].note == scan; }
  SchemaKey key(Index k) const { return static_cast<SchemaKey>(entries_[k].note); }

  // The number of entries, keys included.
  std::uint32_t entries() const { return static_cast<std::uint32_t>(entries_.size()); }
  // Bytes held, the text itself not included.
  std::size_t memory() const;

 private:
  friend class TapeBuilder;

  struct Entry {
    std::uint8_t kind;
    std::uint8_t escaped;   // the string lies in side_, not in text_
    std::uint16_t note;     // object: KeyIndex; key of an object whose keys are scanned: SchemaKey
    std::uint32_t extent;   // array, object: index after the value; string: bytes
    std::uint64_t payload;  // value, offset of the text, or size | start of key index << 32
  };
  static_assert(sizeof(Entry) == 16);

  // How the keys of an object can be looked up.
  enum KeyIndex : std::uint16_t { scan, hashed, sorted };
  // No key lies further from its place in a hashed object: a million honest ones need 80 or so.
  static constexpr std::size_t most_probes = 128;

  std::string_view text_;
  std::vector<Entry> entries_;
  std::string side_;              // texts that held escapes
  std::vector<Index> key_index_;  // of all large objects, one after the other
};

enum class Dialect : std::uint8_t {
  schema,  // strict JSON
  python,  // as json.dumps writes: NaN, Infinity and -Infinity are numbers (a JsonNode's text)
  python_texts,  // the same, with surrogates among the texts' bytes (schema/surrogates.hpp)
};

// Parses `text`, which must outlive the tape. `member` names the archive's member in errors.
Tape parse_json(std::string_view text, Budget& budget, Dialect dialect, std::string_view member);
// The same by the strict parser alone, without the quick way (plain_json.hpp): what tests compare.
Tape parse_json_strictly(std::string_view text, Budget& budget, Dialect dialect,
                         std::string_view member);

}  // namespace skops
