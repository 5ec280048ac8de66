// The names under which types and functions are found again: module and name.
//
// `module_of` says where an object is found, and refuses what is not found there: a lambda, a class
// inside of a function, a function that was replaced. The module is the object's own `__module__`;
// for objects without one (NumPy's ufuncs) the public module that has it, so that the answer does not
// depend on what was imported first.
#pragma once

#include <string>

#include "python.hpp"

namespace skops_python {

struct TakenName {
  std::string module, name;
};

// Throws skops::Error: unsupported, "save.name" where nothing would find `object` again;
// "save.refused-name" where every load would refuse it.
TakenName find_name(PyObject* object);

}  // namespace skops_python
