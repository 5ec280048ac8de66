// JSON as Python values, as json.loads makes them: integers of any size, NaN and the infinities,
// lists and dicts. Strict where json.loads is lenient: see schema/tape.hpp.
#pragma once

#include <string_view>

#include "python.hpp"
#include "schema/tape.hpp"

namespace skops_python {

// The value at an index of a tape. Recursive: a tape's depth is limited.
Ref json_value(const skops::Tape& tape, skops::Tape::Index index);

// The value of a whole text in Python's dialect. Throws skops::Error.
Ref json_text(std::string_view text, skops::Budget& budget);

// UTF-8 that a tape holds.
Ref python_text(std::string_view utf8);

}  // namespace skops_python
