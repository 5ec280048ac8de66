#include "objects/build_json.hpp"

#include <charconv>
#include <string>

#include "schema/surrogates.hpp"
#include "skops/limits.hpp"

namespace skops_python {
namespace {

using skops::JsonKind;
using skops::Tape;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A number as JSON writes it; nothing where the text is something else, or has to be looked at
// closer.
Ref short_number(std::string_view text) {
  std::size_t at = text[0] == '-' ? 1 : 0;
  const std::size_t digits = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  if (at == digits || (text[digits] == '0' && at - digits > 1)) return Ref();
  if (at == text.size()) {
    std::int64_t value = 0;
    if (at - digits > 18) return Ref();
    std::from_chars(text.data(), text.data() + text.size(), value);
    return checked(PyLong_FromLongLong(value));
  }
  if (text[at] == '.') {
    const std::size_t first = ++at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == first) return Ref();
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t first = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == first) return Ref();
  }
  if (at != text.size()) return Ref();
  double value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size()) return Ref();
  return checked(PyFloat_FromDouble(value));
}

// The texts of nearly all JsonNodes: no parser, no tape.
Ref scalar(std::string_view text) {
  switch (text[0]) {
    case 'n': return text == "null" ? Ref::borrow(Py_None) : Ref();
    case 't': return text == "true" ? Ref::borrow(Py_True) : Ref();
    case 'f': return text == "false" ? Ref::borrow(Py_False) : Ref();
    case '"': {
      if (text.size() < 2 || text.back() != '"') return Ref();
      const std::string_view inner = text.substr(1, text.size() - 2);
      for (const char c : inner) {
        if (static_cast<signed char>(c) < 0x20 || c == '"' || c == '\\') return Ref();
      }
      return python_text(inner);
    }
    default: return text.size() <= 40 ? short_number(text) : Ref();
  }
}

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
  if (!text.empty()) {
    if (Ref value = scalar(text)) return value;
  }
  const std::string replaced = skops::with_lone_surrogates(text);
  const Tape tape = replaced.empty()
                        ? skops::parse_json(text, budget, skops::Dialect::python, {})
                        : skops::parse_json(replaced, budget, skops::Dialect::python_texts, {});
  return json_value(tape, Tape::root);
}

}  // namespace skops_python
