#include "objects/build_plain.hpp"

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "schema/scan_number.hpp"

namespace skops_python {
namespace {

// Deeper texts are read by the strict parser, which knows the limit.
constexpr std::uint64_t deepest = 100;

Ref decoded(const char* begin, const char* end) {
  PyObject* text = PyUnicode_DecodeUTF8(begin, end - begin, nullptr);
  if (text == nullptr && PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) PyErr_Clear();
  if (PyErr_Occurred()) throw PythonError();
  return Ref(text);
}

// Terms have a few letters: two words that overlap cover every length between theirs and twice
// that.
void copy(const char* from, std::size_t size, char* to) {
  const auto words = [&]<class Word>(Word) {
    Word first, last;
    std::memcpy(&first, from, sizeof(Word));
    std::memcpy(&last, from + size - sizeof(Word), sizeof(Word));
    std::memcpy(to, &first, sizeof(Word));
    std::memcpy(to + size - sizeof(Word), &last, sizeof(Word));
  };
  if (size > 16) {
    std::memcpy(to, from, size);
  } else if (size >= 8) {
    words(std::uint64_t{});
  } else if (size >= 4) {
    words(std::uint32_t{});
  } else {
    for (std::size_t k = 0; k < size; ++k) to[k] = from[k];
  }
}

}  // namespace

Ref PlainReader::read() {
  if (!space()) return Ref();
  Ref out = value(0);
  if (!out || space()) return Ref();
  if (values_ > 0) budget_.add_json_values(values_);
  return out;
}

Ref PlainReader::value(std::uint64_t depth) {
  if (at_ == end_ || depth > deepest) return Ref();
  if (++values_ == 256) {
    budget_.add_json_values(values_);
    values_ = 0;
  }
  switch (*at_) {
    case '[': return list(depth);
    case '{': return dict(depth);
    case '"': return text();
    case 'n': return word("null", Py_None);
    case 't': return word("true", Py_True);
    case 'f': return word("false", Py_False);
    default: return number();
  }
}

Ref PlainReader::word(std::string_view word, PyObject* value) {
  if (static_cast<std::size_t>(end_ - at_) < word.size() ||
      std::string_view(at_, word.size()) != word) {
    return Ref();
  }
  at_ += word.size();
  return Ref::borrow(value);
}

Ref PlainReader::list(std::uint64_t depth) {
  ++at_;
  Ref out = checked(PyList_New(0));
  if (!space()) return Ref();
  if (accept(']')) return out;
  while (true) {
    const Ref item = value(depth + 1);
    if (!item) return Ref();
    if (PyList_Append(out.get(), item.get()) != 0) throw PythonError();
    if (!space()) return Ref();
    if (accept(']')) return out;
    if (!accept(',') || !space()) return Ref();
  }
}

Ref PlainReader::dict(std::uint64_t depth) {
  ++at_;
  Ref out = checked(PyDict_New());
  if (!space()) return Ref();
  if (accept('}')) return out;
  for (Py_ssize_t count = 1;; ++count) {
    if (at_ == end_ || *at_ != '"') return Ref();
    const Ref key = text();
    if (!key || !space() || !accept(':') || !space()) return Ref();
    const Ref item = value(depth + 1);
    if (!item) return Ref();
    if (PyDict_SetItem(out.get(), key.get(), item.get()) != 0) throw PythonError();
    // One key twice is for the strict parser to refuse.
    if (PyDict_GET_SIZE(out.get()) != count || !space()) return Ref();
    if (accept('}')) return out;
    if (!accept(',') || !space()) return Ref();
  }
}

Ref PlainReader::text() {
  const char* const begin = ++at_;
  at_ = skops::find_special<skops::Letters::ascii>(at_, end_);
  const bool ascii = at_ == end_ || static_cast<signed char>(*at_) >= 0;
  if (!ascii) at_ = skops::find_special(at_, end_);
  if (at_ == end_) return Ref();
  if (*at_ == '\\') return escaped_text(begin);
  if (*at_ != '"') return Ref();
  const char* const last = at_++;
  if (static_cast<std::uint64_t>(last - begin) > budget_.limits().string_bytes) return Ref();
  if (!ascii) return decoded(begin, last);
  Ref out = checked(PyUnicode_New(last - begin, 127));
  copy(begin, static_cast<std::size_t>(last - begin),
       reinterpret_cast<char*>(PyUnicode_1BYTE_DATA(out.get())));
  return out;
}

bool PlainReader::code_unit(std::uint32_t& unit) {
  if (end_ - at_ < 4) return false;
  const auto [last, status] = std::from_chars(at_, at_ + 4, unit, 16);
  if (status != std::errc{} || last != at_ + 4) return false;
  at_ += 4;
  return true;
}

Ref PlainReader::escaped_text(const char* begin) {
  side_.assign(begin, at_);
  const auto add = [&](std::uint32_t code) {
    if (code < 0x80) {
      side_ += static_cast<char>(code);
      return;
    }
    if (code < 0x800) {
      side_ += static_cast<char>(0xc0 | code >> 6);
    } else {
      if (code < 0x10000) {
        side_ += static_cast<char>(0xe0 | code >> 12);
      } else {
        side_ += static_cast<char>(0xf0 | code >> 18);
        side_ += static_cast<char>(0x80 | (code >> 12 & 0x3f));
      }
      side_ += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    }
    side_ += static_cast<char>(0x80 | (code & 0x3f));
  };
  while (at_ != end_ && *at_ != '"') {
    if (const char* const plain = skops::find_special(at_, end_); plain != at_) {
      side_.append(at_, plain);
      at_ = plain;
      continue;
    }
    if (*at_ != '\\' || end_ - at_ < 2) return Ref();
    const char kind = at_[1];
    at_ += 2;
    switch (kind) {
      case '"':
      case '\\':
      case '/': side_ += kind; break;
      case 'b': side_ += '\b'; break;
      case 'f': side_ += '\f'; break;
      case 'n': side_ += '\n'; break;
      case 'r': side_ += '\r'; break;
      case 't': side_ += '\t'; break;
      case 'u': {
        std::uint32_t code = 0, low = 0;
        if (!code_unit(code) || (code >= 0xdc00 && code < 0xe000)) return Ref();
        if (code >= 0xd800 && code < 0xdc00) {
          if (!accept('\\') || !accept('u') || !code_unit(low) || low < 0xdc00 || low >= 0xe000) {
            return Ref();
          }
          code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        add(code);
        break;
      }
      default: return Ref();
    }
  }
  if (!accept('"') || side_.size() > budget_.limits().string_bytes) return Ref();
  return decoded(side_.data(), side_.data() + side_.size());
}

Ref PlainReader::number() {
  const char* const begin = at_;
  if (*at_ == 'N') return word("NaN", Py_None) ? checked(PyFloat_FromDouble(Py_NAN)) : Ref();
  const bool negative = *at_ == '-';
  if (negative && end_ - at_ > 1 && at_[1] == 'I') ++at_;
  if (*at_ == 'I') {
    if (!word("Infinity", Py_None)) return Ref();
    const double infinite = std::numeric_limits<double>::infinity();
    return checked(PyFloat_FromDouble(negative ? -infinite : infinite));
  }
  const skops::ScannedNumber found = skops::scan_number(begin, end_);
  if (found.end == nullptr) return Ref();
  at_ = found.end;
  return checked(found.whole ? PyLong_FromLongLong(found.integer) : PyFloat_FromDouble(found.real));
}

}  // namespace skops_python
