// The schema of an Arrow file or stream: what its columns are called and hold.
//
// Types are numbers, bools, texts, nulls, and dictionaries of texts. Every other type is refused by
// name, with what to do about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/arrow/flat_table.hpp"
#include "skops/array.hpp"

namespace skops_cli {

struct ArrowType {
  enum class Kind { null, boolean, number, text, large_text, text_view };
  Kind kind = Kind::null;
  skops::Dtype dtype;  // of numbers

  bool is_text() const { return kind >= Kind::text; }
  bool operator==(const ArrowType&) const = default;
};

struct ArrowField {
  std::string name;  // UTF-8; no two are equal
  ArrowType type;    // with a dictionary: of its values
  std::optional<std::int64_t> dictionary;
  skops::Dtype index;  // of the indices into the dictionary

  // What the column's own buffers hold.
  ArrowType storage() const {
    return dictionary ? ArrowType{ArrowType::Kind::number, index} : type;
  }
};

// "column 'age'", for errors; a long name is cut.
std::string named(const ArrowField& field);

// `schema` is the table Schema, in metadata of `size` bytes.
std::vector<ArrowField> read_arrow_schema(const FlatTable& schema, std::size_t size);

}  // namespace skops_cli
