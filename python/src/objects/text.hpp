// Python's text as UTF-8.
#pragma once

#include <string_view>

#include "python.hpp"

namespace skops_python {

// A view into the text, which must live as long. Throws where it holds lone surrogates.
inline std::string_view text_of(PyObject* text) {
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(text, &size);
  if (data == nullptr) throw PythonError();
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace skops_python
