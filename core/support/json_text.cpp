#include "support/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "skops/error.hpp"

namespace skops {
namespace {

constexpr std::string_view between = " \t\r\n,:";
constexpr std::string_view brackets = "{}[]";

// The byte behind the comment, or the text, that begins at `at`.
std::size_t end_of_comment(std::string_view text, std::size_t at) {
  const std::string_view close = text.substr(at, 2) == "//" ? "\n" : "*/";
  const std::size_t found = text.find(close, at + 2);
  return found == text.npos ? text.size() : found + close.size();
}
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

}  // namespace

std::vector<JsonToken> json_tokens(std::string_view text) {
  std::vector<JsonToken> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char c = text[at];
    if (between.find(c) != between.npos) {
      ++at;
      continue;
    }
    if (c == '/') {
      at = end_of_comment(text, at);
      continue;
    }
    if (c == '"') {
      at = end_of_string(text, at);
    } else if (brackets.find(c) != brackets.npos) {
      ++at;
    } else {
      at = std::min(text.find_first_of(" \t\r\n,:/{}[]\"", at), text.size());
    }
    out.push_back({begin, at});
  }
  return out;
}

std::size_t place_of_entry(std::string_view text, std::size_t count) {
  std::size_t place = 0;
  for (const JsonToken& token : json_tokens(text)) {
    if (text[token.begin] == '}' || text[token.begin] == ']') continue;
    place = token.begin;
    if (count-- == 0) break;
  }
  return place;
}

std::size_t place_of_second_key(std::string_view text) {
  std::vector<std::set<std::string_view>> keys;
  for (const auto& [begin, end] : json_tokens(text)) {
    const char c = text[begin];
    if (c == '{' || c == '[') keys.emplace_back();
    if ((c == '}' || c == ']') && !keys.empty()) keys.pop_back();
    if (c != '"' || keys.empty()) continue;
    const std::size_t next = text.find_first_not_of(" \t\r\n", end);
    if (next == text.npos || text[next] != ':') continue;
    if (!keys.back().insert(text.substr(begin, end - begin)).second) return begin;
  }
  return text.npos;
}

std::size_t place_of_error(std::string_view text, const Error& error) {
  constexpr std::string_view word = "near byte ";
  std::size_t byte = error.code() == "json.truncated" ? text.size() : 0;
  const std::string& said = error.text();
  if (error.code() == "json.duplicate-key") {
    byte = place_of_second_key(text);
  } else if (const auto at = said.rfind(word); at != std::string::npos) {
    std::from_chars(said.data() + at + word.size(), said.data() + said.size(), byte);
  }
  return std::min(byte, text.size());
}

TextLines::TextLines(std::string_view text) : text_(text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') breaks_.push_back(at);
  }
}

std::size_t TextLines::line(std::size_t byte) const {
  return static_cast<std::size_t>(std::lower_bound(breaks_.begin(), breaks_.end(), byte) -
                                  breaks_.begin()) +
         1;
}

std::size_t TextLines::column(std::size_t byte) const {
  const std::size_t number = line(byte), start = number == 1 ? 0 : breaks_[number - 2] + 1;
  const std::string_view before = text_.substr(start, byte - start);
  const auto starts_character = [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0u) != 0x80;
  };
  return 1 +
         static_cast<std::size_t>(std::count_if(before.begin(), before.end(), starts_character));
}

}  // namespace skops
