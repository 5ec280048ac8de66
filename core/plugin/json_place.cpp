#include "plugin/json_place.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <vector>

namespace skops {
namespace {

// Gives the begin and end of each token that is a bracket, a text, or another value.
void each_token(std::string_view text,
                const std::function<bool(std::size_t begin, std::size_t end)>& take) {
  for (std::size_t k = 0; k < text.size();) {
    const std::size_t begin = k;
    const char c = text[k++];
    if (std::string_view(" \t\r\n,:").find(c) != std::string_view::npos) continue;
    if (c == '"') {
      while (k < text.size() && text[k] != '"') k += text[k] == '\\' ? 2 : 1;
      k = std::min(k + 1, text.size());
    } else if (std::string_view("{}[]").find(c) == std::string_view::npos) {
      k = std::min(text.find_first_of(" \t\r\n,:{}[]\"", k), text.size());
    }
    if (!take(begin, k)) return;
  }
}

}  // namespace

std::string line_and_column(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t last = before.rfind('\n');
  const std::size_t column =
      last == std::string_view::npos ? before.size() : before.size() - last - 1;
  return "line " + std::to_string(lines + 1) + ", column " + std::to_string(column + 1);
}

std::size_t place_of_entry(std::string_view text, std::size_t count) {
  std::size_t place = 0;
  each_token(text, [&](std::size_t begin, std::size_t) {
    if (text[begin] == '}' || text[begin] == ']') return true;
    place = begin;
    return count-- > 0;
  });
  return place;
}

std::size_t place_of_second_key(std::string_view text) {
  std::size_t place = std::string_view::npos;
  std::vector<std::set<std::string_view>> keys;
  each_token(text, [&](std::size_t begin, std::size_t end) {
    const char c = text[begin];
    if (c == '{' || c == '[') keys.emplace_back();
    if ((c == '}' || c == ']') && !keys.empty()) keys.pop_back();
    if (c != '"' || keys.empty()) return true;
    const std::size_t next = text.find_first_not_of(" \t\r\n", end);
    if (next == std::string_view::npos || text[next] != ':') return true;
    if (keys.back().insert(text.substr(begin, end - begin)).second) return true;
    place = begin;
    return false;
  });
  return place;
}

}  // namespace skops
