#include "objects/build_dtype.hpp"

#include <string>
#include <unordered_map>

#include "skops/error.hpp"

namespace skops_python {
namespace {

constexpr int deepest = 8;
constexpr std::size_t most_fields = 1 << 12, most_bytes = std::size_t{1} << 30, most_known = 512;

[[noreturn]] void fail(const char* what) {
  throw skops::Error(skops::Family::malformed, "npy.dtype",
                     std::string("the array's NPY header ") + what);
}

// The length of the descriptor: up to its closing quote or bracket.
std::size_t length_of(std::string_view text) {
  if (!text.empty() && text[0] == '\'') {
    const std::size_t end = text.find('\'', 1);
    if (end == std::string_view::npos) fail("has an unterminated text");
    return end + 1;
  }
  std::size_t depth = 0;
  char quote = 0;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const char c = text[k];
    if (quote != 0) {
      if (c == '\\') ++k;
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '[' || c == '(') {
      ++depth;
    } else if (c == ']' || c == ')') {
      if (depth == 0) break;
      if (--depth == 0) return k + 1;
    } else if (depth == 0) {
      break;
    }
  }
  fail("has a malformed dtype");
}

class Reader {
 public:
  Reader(std::string_view text, bool utf8) : text_(text), utf8_(utf8) {}

  Ref read() {
    Ref out = descriptor(0);
    if (at_ != text_.size()) fail("has a malformed dtype");
    const auto* descr = reinterpret_cast<PyArray_Descr*>(out.get());
    if (PyDataType_REFCHK(descr)) fail("holds Python objects, which are never loaded");
    return out;
  }

 private:
  bool peek(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool accept(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void expect(std::string_view word) {
    if (!accept(word)) fail("is not one that NumPy writes");
  }
  // Of the escapes that Python writes, those of quotes and of the backslash itself.
  std::string quoted() {
    const char quote = peek('"') ? '"' : '\'';
    if (!peek(quote)) fail("is not one that NumPy writes");
    std::string out;
    for (++at_; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == quote) {
        ++at_;
        return out;
      }
      if (c == '\\') {
        c = ++at_ < text_.size() ? text_[at_] : '\0';
        if (c != '\\' && c != '\'' && c != '"') fail("has an escape in a name");
      }
      out += c;
    }
    fail("has an unterminated text");
  }
  std::size_t number() {
    const std::size_t start = at_;
    std::size_t value = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      value = value * 10 + static_cast<std::size_t>(text_[at_++] - '0');
      if (value > most_bytes) fail("has items that are too large");
    }
    if (at_ == start || (at_ - start > 1 && text_[start] == '0')) fail("has a malformed dtype");
    return value;
  }

  Ref descriptor(int depth) {
    if (depth > deepest) fail("nests records too deeply");
    return peek('[') ? record(depth) : simple();
  }

  // Only spellings that NumPy writes reach its own parser.
  static void check_simple(std::string_view text) {
    if (text.size() < 2) fail("has an unknown dtype");
    const char order = text[0], kind = text[1];
    const std::size_t digits = std::min(text.find('['), text.size());
    const std::string_view size = text.substr(2, digits - 2);
    const bool dated = kind == 'M' || kind == 'm';
    if (order != '<' && order != '>' && order != '|') fail("has an unknown byte order");
    if (size.size() > 9 || size.find_first_not_of("0123456789") != std::string_view::npos ||
        (size.size() > 1 && size[0] == '0')) {
      fail("has an unknown dtype");
    }
    const auto one_of = [&](std::initializer_list<std::string_view> sizes) {
      for (const std::string_view known : sizes) {
        if (size == known) return true;
      }
      return false;
    };
    bool known = false;
    switch (kind) {
      case 'b': known = size == "1"; break;
      case 'i':
      case 'u': known = one_of({"1", "2", "4", "8"}); break;
      case 'f': known = one_of({"2", "4", "8", "12", "16"}); break;
      case 'c': known = one_of({"8", "16", "24", "32"}); break;
      case 'M':
      case 'm': known = size == "8"; break;
      case 'S':
      case 'U':
      case 'V': known = !size.empty(); break;
      case 'O': fail("holds Python objects, which are never loaded");
      default: break;
    }
    if (!known) fail("has an unknown dtype");
    if (digits == text.size()) return;
    // A unit: [ns], [25s], [D].
    const std::string_view unit = text.substr(digits);
    if (!dated || unit.size() < 3 || unit.size() > 20 || unit.back() != ']' ||
        unit.find_first_not_of("0123456789YMWDhmsunpfa", 1) != unit.size() - 1) {
      fail("has an unknown dtype");
    }
  }

  Ref simple() {
    if (!peek('\'')) fail("is not one that NumPy writes");
    const std::string text = quoted();
    check_simple(text);
    const Ref name =
        checked(PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size())));
    PyArray_Descr* descr = nullptr;
    if (PyArray_DescrConverter(name.get(), &descr) == 0) throw PythonError();
    return Ref(reinterpret_cast<PyObject*>(descr));
  }

  Ref name_of(std::string_view text) const {
    const auto size = static_cast<Py_ssize_t>(text.size());
    return checked(utf8_ ? PyUnicode_DecodeUTF8(text.data(), size, nullptr)
                         : PyUnicode_DecodeLatin1(text.data(), size, nullptr));
  }

  // (2,), (2, 3), as the third part of a field.
  Ref shape() {
    expect("(");
    Ref out = checked(PyList_New(0));
    while (!accept(")")) {
      const Ref extent = checked(PyLong_FromSize_t(number()));
      if (PyList_Append(out.get(), extent.get()) != 0) throw PythonError();
      if (PyList_GET_SIZE(out.get()) > 32) fail("has a field of too many dimensions");
      if (accept(",)")) break;
      if (!accept(", ") && !peek(')')) fail("has a malformed dtype");
    }
    return checked(PyList_AsTuple(out.get()));
  }

  // Fields by name, format and offset, as numpy.lib.format.descr_to_dtype puts them together:
  // nameless voids are padding.
  Ref record(int depth) {
    expect("[");
    const Ref names = checked(PyList_New(0)), formats = checked(PyList_New(0)),
              offsets = checked(PyList_New(0)), titles = checked(PyList_New(0));
    std::size_t offset = 0;
    bool titled = false;
    const auto append = [](const Ref& list, const Ref& item) {
      if (PyList_Append(list.get(), item.get()) != 0) throw PythonError();
    };
    while (!accept("]")) {
      expect("(");
      Ref title = Ref::borrow(Py_None);
      if (accept("(")) {  // ('title', 'name')
        title = name_of(quoted());
        titled = true;
        expect(", ");
      }
      const std::string name = quoted();
      if (title.get() != Py_None) expect(")");
      expect(", ");
      const bool is_void = text_.substr(at_, 3) == "'|V";
      Ref format = descriptor(depth + 1);
      if (accept(", ")) {
        const Ref pair = checked(PyTuple_Pack(2, format.get(), shape().get()));
        PyArray_Descr* descr = nullptr;
        if (PyArray_DescrConverter(pair.get(), &descr) == 0) throw PythonError();
        format = Ref(reinterpret_cast<PyObject*>(descr));
      }
      expect(")");
      const auto* descr = reinterpret_cast<PyArray_Descr*>(format.get());
      if (!(name.empty() && is_void)) {
        append(names, name_of(name));
        append(formats, format);
        append(offsets, checked(PyLong_FromSize_t(offset)));
        append(titles, title);
      }
      offset += static_cast<std::size_t>(PyDataType_ELSIZE(descr));
      if (offset > most_bytes) fail("has items that are too large");
      if (++fields_ > most_fields) fail("has too many fields");
      if (!accept(", ") && !peek(']')) fail("has malformed fields");
    }
    const Ref parts = checked(PyDict_New()), size = checked(PyLong_FromSize_t(offset));
    const auto set = [&](const char* key, const Ref& value) {
      if (PyDict_SetItemString(parts.get(), key, value.get()) != 0) throw PythonError();
    };
    set("names", names);
    set("formats", formats);
    set("offsets", offsets);
    set("itemsize", size);
    if (titled) set("titles", titles);
    PyArray_Descr* descr = nullptr;
    if (PyArray_DescrConverter(parts.get(), &descr) == 0) throw PythonError();
    return Ref(reinterpret_cast<PyObject*>(descr));
  }

  std::string_view text_;
  std::size_t at_ = 0, fields_ = 0;
  bool utf8_;
};

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};
using Known = std::unordered_map<std::string, Ref, Hash, std::equal_to<>>;

}  // namespace

Ref read_dtype(std::string_view text, bool utf8, std::size_t& used) {
  // Never freed: dtypes must not be given back after Python has ended. Guarded by the GIL, bounded.
  static auto* const known = new Known[2];
  used = length_of(text);
  text = text.substr(0, used);
  Known& table = known[utf8 ? 1 : 0];
  const auto at = table.find(text);
  if (at != table.end()) return Ref::borrow(at->second.get());
  Ref made = Reader(text, utf8).read();
  if (table.size() < most_known && text.size() <= 4096) {
    table.emplace(std::string(text), Ref::borrow(made.get()));
  }
  return made;
}

}  // namespace skops_python
