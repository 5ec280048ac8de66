#include "objects/build_json.hpp"

#include <string>

#include "objects/build_plain.hpp"
#include "schema/surrogates.hpp"
#include "skops/limits.hpp"

namespace skops_python {
namespace {

using skops::JsonKind;
using skops::Tape;

// A text that may hold lone surrogates.
Ref any_text(std::string_view text) {
  return checked(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogatepass"));
}

}  // namespace

Ref python_text(std::string_view utf8) {
  return checked(PyUnicode_FromStringAndSize(utf8.data(), static_cast<Py_ssize_t>(utf8.size())));
}

Ref json_value(const Tape& tape, Tape::Index index) {
  switch (tape.kind(index)) {
    case JsonKind::null: return Ref::borrow(Py_None);
    case JsonKind::boolean: return Ref::borrow(tape.boolean(index) ? Py_True : Py_False);
    case JsonKind::integer: return checked(PyLong_FromLongLong(tape.integer(index)));
    case JsonKind::big_integer:
      return checked(PyLong_FromString(std::string(tape.text(index)).c_str(), nullptr, 10));
    case JsonKind::real: return checked(PyFloat_FromDouble(tape.real(index)));
    case JsonKind::string: return any_text(tape.text(index));
    case JsonKind::array: {
      Ref out = checked(PyList_New(static_cast<Py_ssize_t>(tape.size(index))));
      Py_ssize_t k = 0;
      for (Tape::Index i = tape.first(index); i != tape.next(index); i = tape.next(i)) {
        PyList_SET_ITEM(out.get(), k++, json_value(tape, i).release());
      }
      return out;
    }
    case JsonKind::object: {
      Ref out = checked(PyDict_New());
      for (Tape::Index k = tape.first(index); k != tape.next(index); k = tape.next(k + 1)) {
        const Ref key = any_text(tape.text(k)), value = json_value(tape, k + 1);
        if (PyDict_SetItem(out.get(), key.get(), value.get()) != 0) throw PythonError();
      }
      return out;
    }
  }
  return Ref::borrow(Py_None);
}

Ref json_text(std::string_view text, skops::Budget& budget) {
  if (Ref value = PlainReader(text, budget).read()) return value;
  const std::string replaced = skops::with_lone_surrogates(text);
  const Tape tape = replaced.empty()
                        ? skops::parse_json(text, budget, skops::Dialect::python, {})
                        : skops::parse_json(replaced, budget, skops::Dialect::python_texts, {});
  return json_value(tape, Tape::root);
}

}  // namespace skops_python
