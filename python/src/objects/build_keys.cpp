#include "objects/build_keys.hpp"

#include <charconv>
#include <string>

#include "objects/build_json.hpp"
#include "schema/key_hash.hpp"
#include "schema/same_text.hpp"
#include "skops/error.hpp"

namespace skops_python {
namespace {

constexpr std::size_t most_digits = 4300;  // as Python reads integers

[[noreturn]] void fail(std::string_view text, const char* what) {
  throw skops::Error(skops::Family::malformed, "objects.key",
                     "the dict key '" + std::string(text) + "' is not " + what);
}

Ref integer(std::string_view text) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  const bool digits =
      text.size() > sign && text.find_first_not_of("0123456789", sign) == std::string_view::npos;
  if (!digits || text.size() > most_digits) fail(text, "an integer");
  return checked(PyLong_FromString(std::string(text).c_str(), nullptr, 10));
}

Ref real(std::string_view text) {
  double value = 0;
  // JSON and Python's repr spell the special ones differently.
  if (text == "NaN" || text == "Infinity" || text == "-Infinity") {
    value = text == "NaN" ? Py_NAN : text[0] == '-' ? -Py_HUGE_VAL : Py_HUGE_VAL;
  } else {
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size()) fail(text, "a number");
  }
  return checked(PyFloat_FromDouble(value));
}

Ref boolean(std::string_view text) {
  const bool truth = text == "True" || text == "true";
  // The empty text is the one that released skops takes for False, too.
  if (!truth && text != "False" && text != "false" && !text.empty()) fail(text, "a bool");
  return Ref::borrow(truth ? Py_True : Py_False);
}

bool is_below(PyObject* type, PyTypeObject& base) {
  return PyType_IsSubtype(reinterpret_cast<PyTypeObject*>(type), &base) != 0;
}

}  // namespace

Ref dict_key(PyObject* type, std::string_view text) {
  const auto is = [&](PyTypeObject& exact) { return type == reinterpret_cast<PyObject*>(&exact); };
  if (is(PyUnicode_Type)) return python_text(text);
  if (is(PyLong_Type)) return integer(text);
  if (is(PyFloat_Type)) return real(text);
  if (is(PyBool_Type)) return boolean(text);
  if (type == reinterpret_cast<PyObject*>(Py_TYPE(Py_None))) {
    if (text != "null") fail(text, "None");
    return Ref::borrow(Py_None);
  }
  if (!PyType_Check(type)) fail(text, "of a type that can be a key's");
  Ref plain;
  if (is_below(type, PyBoolArrType_Type)) {
    plain = boolean(text);
  } else if (is_below(type, PyIntegerArrType_Type) && !is_below(type, PyTimedeltaArrType_Type)) {
    plain = integer(text);
  } else if (is_below(type, PyFloatingArrType_Type)) {
    plain = real(text);
  } else {
    plain = python_text(text);
  }
  return checked(PyObject_CallOneArg(type, plain.get()));
}

Ref attribute_name(std::string_view text) {
  struct Known {
    PyObject* name = nullptr;  // owned; ASCII
    std::string_view text = {};
  };
  // Guarded by the GIL, never freed.
  static auto* const known = new Known[512];
  constexpr std::size_t longest = 48;
  if (text.size() > longest) return python_text(text);
  Known& place = known[skops::key_hash(text) % 512];
  if (place.name != nullptr && skops::same_text(place.text, text)) return Ref::borrow(place.name);
  Ref made = python_text(text);
  if (PyUnicode_IS_ASCII(made.get()) == 0) return made;
  PyObject* name = made.release();
  PyUnicode_InternInPlace(&name);
  Py_XDECREF(place.name);
  place = {name, {reinterpret_cast<const char*>(PyUnicode_1BYTE_DATA(name)), text.size()}};
  return Ref::borrow(name);
}

}  // namespace skops_python
