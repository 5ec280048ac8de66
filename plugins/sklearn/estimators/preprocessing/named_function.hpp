// The functions that a FunctionTransformer may hold: unary ufuncs of NumPy and scipy.special, by
// name.
//
// A file names them as `numpy.log1p`, `numpy.core._multiarray_umath.log1p`,
// `numpy._core._multiarray_umath.log1p`, `scipy.special.expit` or `scipy.special._ufuncs.expit`.
// Each is a real function of one number, computed in float64 by the C library (or from its
// functions) and rounded once for float32. What is not here is unsupported, and said so by name
// when it is called.
#pragma once

#include <string_view>

namespace skops_sklearn {

struct NamedFunction {
  // How integers are treated: most functions turn them into floats (NumPy's into the smallest that
  // fits, most of SciPy's into float64), some keep their type, some give booleans for every type.
  enum class Result { floating, wide, narrow, same, boolean };

  std::string_view name;
  double (*function)(double);
  Result result = Result::floating;
  // SciPy's sparse matrices have it as a method, applied to the stored entries.
  bool sparse = false;
  // Exact for integers of 64 bits; null where `function` is.
  long (*integer)(long) = nullptr;
};

// The function of a full name, or null.
const NamedFunction* find_function(std::string_view module_and_name);

}  // namespace skops_sklearn
