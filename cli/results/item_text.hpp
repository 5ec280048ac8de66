// Items of a result as text: numbers in the fewest digits that read back as the same number.
#pragma once

#include <string>
#include <string_view>

#include "skops/array.hpp"

namespace skops_cli {

enum class TextStyle {
  csv,   // 1.0, nan, inf, True; texts as they are
  json,  // 1.0, null, 1e999, true; texts quoted. 1e999 reads as infinity; JSON has no word for it
};

// Appends item k. Missing cells are nothing in CSV and null in JSON. Returns whether the item is a
// text. Throws skops::Error (unsupported) for a dtype that has no text.
bool append_item(std::string& out, const skops::Array& array, std::size_t k, TextStyle style);

}  // namespace skops_cli
