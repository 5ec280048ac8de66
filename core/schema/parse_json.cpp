// Boost.JSON's event parser drives a TapeBuilder; nothing of Boost.JSON shows outside of this file.
//
// Three things that Boost.JSON lacks are added around it: the literals NaN and Infinity of Python's
// json module, exact numbers (its own doubles are off by an ulp, and integers beyond 64 bits become
// doubles), and quick ways for what nearly all texts are: plain_json.hpp, and below it one for the
// texts of tens of thousands of JsonNodes: `null`, `12`, `"gini"`.
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <limits>

#include "schema/plain_json.hpp"
#include "schema/tape.hpp"
#include "schema/tape_builder.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

namespace json = boost::json;

// The parser recurses once per level; a host that sets Limits::json_depth higher is not followed
// beyond this, because stacks end.
constexpr std::uint64_t deepest = 4096;

class Handler {
 public:
  static constexpr std::size_t max_array_size = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t max_object_size = max_array_size;
  static constexpr std::size_t max_string_size = max_array_size;
  static constexpr std::size_t max_key_size = max_array_size;

  // `parsed` is what the parser reads, of the same length as `text`; they differ only where
  // Python's literals were replaced.
  Handler(TapeBuilder& builder, std::string_view text, const char* parsed)
      : builder_(builder), text_(text), parsed_(parsed) {}

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_array_begin(json::error_code&) { return open_.push_back(builder_.begin_array()), true; }
  bool on_array_end(std::size_t n, json::error_code&) {
    return builder_.end_array(ended(), n), true;
  }
  bool on_object_begin(json::error_code&) { return open_.push_back(builder_.begin_object()), true; }
  bool on_object_end(std::size_t n, json::error_code&) {
    return builder_.end_object(ended(), n), true;
  }
  bool on_string_part(json::string_view s, std::size_t, json::error_code&) {
    return builder_.string_part({s.data(), s.size()}), true;
  }
  bool on_string(json::string_view s, std::size_t, json::error_code&) { return string(s), true; }
  bool on_key_part(json::string_view s, std::size_t, json::error_code&) {
    return builder_.string_part({s.data(), s.size()}), true;
  }
  bool on_key(json::string_view s, std::size_t, json::error_code&) { return string(s), true; }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t value, json::string_view, json::error_code&) {
    return builder_.integer(value), true;
  }
  bool on_uint64(std::uint64_t, json::string_view s, json::error_code&) {
    return builder_.big_integer(original(s)), true;
  }
  bool on_double(double, json::string_view s, json::error_code&) {
    const std::string_view token = original(s);
    if (token.find_first_of("NI") != std::string_view::npos) {
      const double inf = std::numeric_limits<double>::infinity();
      if (token == "NaN") {
        builder_.real(std::numeric_limits<double>::quiet_NaN());
      } else if (token == "Infinity" || token == "-Infinity") {
        builder_.real(token[0] == 'I' ? inf : -inf);
      } else {
        builder_.fail("json.syntax", "a number and a word run together");
      }
    } else if (token.find_first_of(".eE") == std::string_view::npos) {
      builder_.big_integer(token);
    } else {
      builder_.real(token);
    }
    return true;
  }
  bool on_bool(bool value, json::error_code&) { return builder_.boolean(value), true; }
  bool on_null(json::error_code&) { return builder_.null(), true; }
  bool on_comment_part(json::string_view, json::error_code&) { return false; }
  bool on_comment(json::string_view, json::error_code&) { return false; }

 private:
  Tape::Index ended() {
    const Tape::Index last = open_.back();
    open_.pop_back();
    return last;
  }
  // The same token in the text as it was given.
  std::string_view original(json::string_view s) const {
    return text_.substr(static_cast<std::size_t>(s.data() - parsed_), s.size());
  }
  void string(json::string_view s) {
    const std::uintptr_t at = reinterpret_cast<std::uintptr_t>(s.data());
    const std::uintptr_t from = reinterpret_cast<std::uintptr_t>(parsed_);
    // The last piece of a text with escapes may lie in the parser's own buffer, even when no piece
    // came before it.
    if (builder_.in_parts() || at < from || at >= from + text_.size()) {
      builder_.string_end({s.data(), s.size()});
    } else {
      builder_.string(original(s));
    }
  }

  TapeBuilder& builder_;
  std::string_view text_;
  const char* parsed_;
  std::vector<Tape::Index> open_;  // arrays and objects that have not ended
};

// Replaces NaN, Infinity and -Infinity outside of strings by numbers of the same length, which the
// handler recognises by their place. Empty when there are none.
std::string without_literals(std::string_view text) {
  std::string copy;
  if (text.find("NaN") == text.npos && text.find("Infinity") == text.npos) return copy;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == 'N' || c == 'I') {
      const std::string_view number = c == 'N' ? "0.0" : "0.000000";
      if (text.substr(i, number.size()) != (c == 'N' ? "NaN" : "Infinity")) continue;
      // -NaN is nobody's number.
      if (c == 'N' && i > 0 && text[i - 1] == '-') continue;
      if (copy.empty()) copy = text;
      copy.replace(i, number.size(), number);
      i += number.size() - 1;
    }
  }
  return copy;
}

// Whether the parser stopped behind the first half of a surrogate pair that has no second one.
bool after_half_pair(std::string_view text, std::size_t at) {
  for (const std::size_t back : {std::size_t{6}, std::size_t{7}}) {
    if (at < back || text.substr(at - back, 2) != "\\u") continue;
    const char first = text[at - back + 2], second = text[at - back + 3];
    if ((first == 'd' || first == 'D') && std::string_view("89abAB").find(second) != text.npos) {
      return true;
    }
  }
  return false;
}

// Why the parser stopped at `at`.
[[noreturn]] void explain(const TapeBuilder& builder, const json::error_code& ec,
                          std::string_view text, std::size_t at, std::uint64_t depth,
                          std::string_view member) {
  const std::string place = " near byte " + std::to_string(at);
  if (ec == json::error::too_deep) {
    throw Error(Family::limit, "limit.json_depth",
                "JSON nested deeper than " + std::to_string(depth) + place,
                {.member = std::string(member)},
                "raise Limits::json_depth if you trust the origin of the file");
  }
  if (ec == json::error::incomplete) builder.fail("json.truncated", "JSON ends too early");
  if (ec == json::error::exponent_overflow) {
    builder.fail("json.number", "a number that no double can hold" + place);
  }
  if (ec == json::error::illegal_leading_surrogate ||
      ec == json::error::illegal_trailing_surrogate || ec == json::error::expected_utf16_escape ||
      after_half_pair(text, at)) {
    builder.fail("json.surrogate", "half of a surrogate pair" + place);
  }
  if (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80) {
    builder.fail("json.utf8", "JSON that is not valid UTF-8" + place);
  }
  builder.fail("json.syntax", "JSON that is not well formed" + place);
}

// A whole text that is one plain scalar: no parser is needed. False when it is something else.
bool parse_scalar(std::string_view text, TapeBuilder& builder) {
  const char c = text[0];
  if (text == "null") return builder.null(), true;
  if (text == "true") return builder.boolean(true), true;
  if (text == "false") return builder.boolean(false), true;
  const bool digit = c >= '0' && c <= '9';
  if (digit || (c == '-' && text.size() > 1 && text[1] >= '0' && text[1] <= '9')) {
    const std::size_t lead = digit ? 0 : 1;
    const bool zero = text[lead] == '0';
    if (text.size() > 18 || (zero && text.size() > lead + 1)) return false;
    std::int64_t value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size()) return false;
    builder.integer(value);
    return true;
  }
  if (c == '"' && text.size() >= 2 && text.back() == '"') {
    for (const char inner : text.substr(1, text.size() - 2)) {
      if (inner < 0x20 || inner == '"' || inner == '\\')
        return false;  // also everything above 0x7f
    }
    builder.string(text.substr(1, text.size() - 2));
    return true;
  }
  return false;
}

void parse(std::string_view text, Budget& budget, Dialect dialect, std::string_view member,
           bool quickly, TapeBuilder& builder) {
  if (text.empty()) builder.fail("json.truncated", "no JSON at all");
  if (quickly && text.size() <= 64 && parse_scalar(text, builder)) return;
  if (text.size() > budget.limits().schema_bytes) {
    throw Error(Family::limit, "limit.schema_bytes",
                "JSON of more than " + std::to_string(budget.limits().schema_bytes) + " bytes",
                {.member = std::string(member)},
                "raise Limits::schema_bytes if you trust the origin of the file");
  }
  if (quickly && PlainJson(builder, text, budget.limits().json_depth).parse()) return;
  builder.reset();
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.substr(0, 3) == "\xef\xbb\xbf") {
    builder.fail("json.byte-order-mark", "JSON that begins with a byte order mark");
  }
  if (text.size() >= 2 && (byte(0) >= 0xfe || byte(0) == 0 || byte(1) == 0)) {
    builder.fail("json.utf8", "JSON in UTF-16 or UTF-32 instead of UTF-8");
  }

  const std::string replaced = dialect == Dialect::schema ? std::string() : without_literals(text);
  const char* parsed = replaced.empty() ? text.data() : replaced.data();
  json::parse_options options;
  options.max_depth =
      static_cast<std::size_t>(std::min<std::uint64_t>(budget.limits().json_depth, deepest));
  options.allow_invalid_utf8 = dialect == Dialect::python_texts;
  json::basic_parser<Handler> parser(options, builder, text, parsed);
  json::error_code ec;
  const std::size_t used = parser.write_some(false, parsed, text.size(), ec);
  if (ec) explain(builder, ec, text, used, options.max_depth, member);
  if (used != text.size()) {
    builder.fail("json.trailing", "bytes after the JSON value, near byte " + std::to_string(used));
  }
}

Tape parse(std::string_view text, Budget& budget, Dialect dialect, std::string_view member,
           bool quickly) {
  try {
    Tape tape;
    TapeBuilder builder(tape, text, budget, member);
    parse(text, budget, dialect, member, quickly, builder);
    builder.finish();
    return tape;
  } catch (const Error& error) {
    throw error.with({.member = std::string(member)});
  }
}

}  // namespace

Tape parse_json(std::string_view text, Budget& budget, Dialect dialect, std::string_view member) {
  return parse(text, budget, dialect, member, true);
}

Tape parse_json_strictly(std::string_view text, Budget& budget, Dialect dialect,
                         std::string_view member) {
  return parse(text, budget, dialect, member, false);
}

}  // namespace skops
