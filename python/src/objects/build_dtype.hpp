// NumPy's dtypes from the descriptors of NPY headers, without Python's parser.
//
//   '<f8'   '|b1'   '<M8[ns]'   '<U12'
//   [('left', '<i8'), ('', '|V7'), ('values', '<f8', (2, 3)), ('inner', [('x', '|u1')])]
//
// The grammar is what numpy.lib.format writes: `dtype.str`, or the fields of a record in memory
// order, padding as nameless voids. A descriptor that is met again costs a look into a table.
// Objects and everything else that holds references is refused, and so is any expression.
#pragma once

#include <string_view>

#include "python.hpp"

namespace skops_python {

// A new reference to the dtype that stands at the beginning of `text`; `used` becomes the length of
// the descriptor. `utf8`: names of fields are UTF-8 (NPY 3.0), otherwise Latin-1. Throws
// skops::Error (malformed) or PythonError.
Ref read_dtype(std::string_view text, bool utf8, std::size_t& used);

}  // namespace skops_python
