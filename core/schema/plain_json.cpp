#include "schema/plain_json.hpp"

#include <algorithm>

#include "schema/scan_json.hpp"
#include "schema/scan_number.hpp"

namespace skops {
namespace {

constexpr std::uint64_t deepest = 64;
// Bytes of a text with escapes that are put together before they go to the tape.
constexpr std::size_t piece = 4096;

// The six entries of a class, a module and a loader, and where their text tells kinds apart.
constexpr std::size_t names_entries = 6, names_differ = 13;

// The letter that a backslash and this one stand for, or 0.
char unescaped(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
  }
}

}  // namespace

PlainJson::PlainJson(TapeBuilder& builder, std::string_view text, std::uint64_t most_depth)
    : builder_(builder),
      at_(text.data()),
      end_(text.data() + text.size()),
      most_depth_(std::min(deepest, most_depth)) {}

bool PlainJson::parse() {
  Level levels[deepest];
  std::uint64_t depth = 0;
  const auto close = [&] {
    const Level& level = levels[--depth];
    if (level.object) {
      builder_.end_object(level.index, level.size);
      if (level.names != nullptr && level.size >= 3) remember(level);
    } else {
      builder_.end_array(level.index, level.size);
    }
    ++at_;
  };
  while (true) {
    at_ = skip_space(at_, end_);
    if (at_ == end_) return false;
    if (*at_ == '"') {
      if (!string()) return false;
    } else if (*at_ == '{' || *at_ == '[') {
      if (depth == most_depth_) return false;
      const bool object = *at_++ == '{';
      Level& level = levels[depth++];
      level = {object ? builder_.begin_object() : builder_.begin_array(), 0, object, nullptr};
      at_ = skip_space(at_, end_);
      if (at_ == end_) return false;
      if (*at_ == (object ? '}' : ']')) {
        close();
      } else if (object) {
        const First first = begin_object(level);
        if (first == First::failed) return false;
        if (first == First::key) continue;
      } else {
        continue;
      }
    } else if (!scalar()) {
      return false;
    }
    // What follows a value: the next one, or the end of what holds it.
    while (true) {
      at_ = skip_space(at_, end_);
      if (depth == 0) return at_ == end_;
      if (at_ == end_) return false;
      Level& level = levels[depth - 1];
      ++level.size;
      if (*at_ == ',') {
        ++at_;
        if (level.object) {
          at_ = skip_space(at_, end_);
          if (!key()) return false;
        }
        break;
      }
      if (*at_ != (level.object ? '}' : ']')) return false;
      close();
    }
  }
}

PlainJson::Beginning& PlainJson::beginning(const char* at) {
  return beginnings_[(scan::word_at(at + names_differ) * 0x9e3779b97f4a7c15u) >> 60];
}

// What an object that is not empty begins with: an id, if it has one, then class, module and loader
// as they were read before. Stops behind a key, or behind a value that is not yet counted.
PlainJson::First PlainJson::begin_object(Level& level) {
  constexpr std::string_view id = "\"__id__\"";
  if (end_ - at_ >= 8 && std::memcmp(at_, id.data(), 8) == 0) {
    builder_.string({at_ + 1, 6});
    at_ = skip_space(at_ + 8, end_);
    if (at_ == end_ || *at_++ != ':') return First::failed;
    at_ = skip_space(at_, end_);
    if (at_ == end_) return First::failed;
    if (*at_ < '0' || *at_ > '9') return First::key;
    if (!number()) return First::failed;
    at_ = skip_space(at_, end_);
    if (at_ == end_ || *at_ != ',') return First::value;
    ++level.size;
    at_ = skip_space(at_ + 1, end_);
  }
  if (static_cast<std::size_t>(end_ - at_) >= names_differ + 8) {
    const Beginning& known = beginning(at_);
    if (known.size != 0 && static_cast<std::size_t>(end_ - at_) > known.size &&
        std::memcmp(at_, known.text, known.size) == 0) {
      builder_.repeat(known.entry, names_entries);
      level.size += 2;
      at_ += known.size;
      return First::value;
    }
    level.names = at_;
  }
  return key() ? First::key : First::failed;
}

void PlainJson::remember(const Level& level) {
  const Tape& tape = builder_.tape();
  if (!tape.numbered(level.index)) return;
  Tape::Index k = level.index + 1;
  if (tape.key(k) == SchemaKey::id) k = tape.next(k + 1);
  const SchemaKey wanted[] = {SchemaKey::cls, SchemaKey::module, SchemaKey::loader};
  for (std::uint32_t n = 0; n < 3; ++n) {
    if (k + 2 * n + 1 >= tape.next(level.index) || tape.key(k + 2 * n) != wanted[n] ||
        !builder_.in_text(k + 2 * n) || !builder_.in_text(k + 2 * n + 1)) {
      return;
    }
  }
  const std::string_view loader = tape.text(k + names_entries - 1);
  const char* const last = loader.data() + loader.size() + 1;
  // It has to begin where such an object would be asked for it.
  if (tape.text(k).data() != level.names + 1) return;
  beginning(level.names) = {level.names, static_cast<std::size_t>(last - level.names), k};
}

bool PlainJson::key() {
  if (at_ == end_ || *at_ != '"' || !string()) return false;
  at_ = skip_space(at_, end_);
  return at_ != end_ && *at_++ == ':';
}

bool PlainJson::string() {
  const char* const begin = ++at_;
  at_ = find_special<Letters::ascii>(at_, end_);
  if (at_ == end_) return false;
  if (*at_ == '\\') return escaped_string(begin);
  if (*at_ != '"') return false;
  builder_.string({begin, static_cast<std::size_t>(at_ - begin)});
  ++at_;
  return true;
}

bool PlainJson::escaped_string(const char* begin) {
  builder_.string_part({begin, static_cast<std::size_t>(at_ - begin)});
  char text[piece + 8];
  std::size_t size = 0;
  while (true) {
    if (size >= piece) {
      builder_.string_part({text, size});
      size = 0;
    }
    if (end_ - at_ >= 8) {  // all eight are copied, and as many counted as are plain
      std::memcpy(text + size, at_, 8);
      const std::uint64_t word = scan::word_at(at_);
      const std::uint64_t marks = scan::specials(word) | (word & scan::highs);
      const int plain = marks == 0 ? 8 : scan::below(marks);
      size += static_cast<std::size_t>(plain);
      at_ += plain;
      if (plain == 8) continue;
    } else if (at_ != end_ && !scan::is_special(*at_) && static_cast<signed char>(*at_) >= 0) {
      text[size++] = *at_++;
      continue;
    }
    if (at_ == end_) return false;
    if (*at_ == '"') break;
    if (*at_ != '\\' || end_ - at_ < 2) return false;
    const char letter = unescaped(at_[1]);
    if (letter == 0) return false;
    text[size++] = letter;
    at_ += 2;
  }
  ++at_;
  builder_.string_end({text, size});
  return true;
}

bool PlainJson::word(std::string_view text) {
  if (static_cast<std::size_t>(end_ - at_) < text.size() ||
      std::string_view(at_, text.size()) != text) {
    return false;
  }
  at_ += text.size();
  return true;
}

bool PlainJson::scalar() {
  switch (*at_) {
    case 'n': return word("null") && (builder_.null(), true);
    case 't': return word("true") && (builder_.boolean(true), true);
    case 'f': return word("false") && (builder_.boolean(false), true);
    default: return number();
  }
}

bool PlainJson::number() {
  const ScannedNumber found = scan_number(at_, end_);
  if (found.end == nullptr) return false;
  at_ = found.end;
  if (found.whole) {
    builder_.integer(found.integer);
  } else {
    builder_.real(found.real);
  }
  return true;
}

}  // namespace skops
