// The keys of a dict: the schema has them as texts, with a type each.
//
// A text is read as its type writes it: `True` and `true` are the same bool, whereas bool("False"),
// as released skops reads it, would be True. None has the text `null`. NumPy's scalars are made
// from the Python value; a trusted type of another kind is called with the text.
#pragma once

#include <string_view>

#include "python.hpp"

namespace skops_python {

// Throws PythonError, or skops::Error (malformed) for a text that its type does not write.
Ref dict_key(PyObject* type, std::string_view text);

// The text as a str, from the few hundred last met in this process: the attributes of objects,
// whose names every object of a class has. Interned, as attributes are. Throws PythonError.
Ref attribute_name(std::string_view text);

}  // namespace skops_python
