#include "text_mutator.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string_view>
#include <vector>

#include "support/json_text.hpp"

namespace skops_test {
namespace {

namespace json = boost::json;
using namespace std::string_view_literals;

// What readers stumble over.
constexpr std::string_view pieces[] = {"true",
                                       "null",
                                       "1e999",
                                       "-0",
                                       "1.0",
                                       "18446744073709551616",
                                       "\"\"",
                                       "{}",
                                       "[]",
                                       "[[",
                                       "]]",
                                       "{\"",
                                       "\\u0000",
                                       "\\ud800",
                                       "\\u0061",
                                       "\\",
                                       "\"",
                                       "//",
                                       "/*",
                                       "*/",
                                       ",",
                                       ":",
                                       "\xff",
                                       "\xc0\xaf",
                                       "\xe2\x80\xae",
                                       "\xef\xbb\xbf",
                                       "\x00"sv,
                                       "\x1b[2J",
                                       "\r",
                                       "\n",
                                       "NaN",
                                       "Infinity",
                                       "'",
                                       "0x10",
                                       "+1",
                                       "..",
                                       "*",
                                       "<lambda>",
                                       ">=2,<4",
                                       "version",
                                       "id",
                                       "allow"};

const std::string texts[] = {"",
                             "*",
                             "a..b",
                             "../x",
                             "a.b.*",
                             "os.system",
                             "x\ny",
                             std::string("\0", 1),
                             "\xe2\x80\xae",
                             "caf\xc3\xa9",
                             std::string(5000, 'x'),
                             "true",
                             "1",
                             "eval",
                             "near byte 7",
                             ">=2,<4"};

void collect(json::value& value, std::vector<json::value*>& all) {
  all.push_back(&value);
  if (auto* list = value.if_array()) {
    for (json::value& item : *list) collect(item, all);
  } else if (auto* object = value.if_object()) {
    for (auto& item : *object) collect(item.value(), all);
  }
}

void shuffle_keys(json::value& value, std::mt19937_64& random) {
  if (auto* list = value.if_array()) {
    for (json::value& item : *list) shuffle_keys(item, random);
    return;
  }
  auto* object = value.if_object();
  if (object == nullptr) return;
  std::vector<std::pair<std::string, json::value>> items;
  for (auto& item : *object) {
    shuffle_keys(item.value(), random);
    items.emplace_back(std::string(item.key()), item.value());
  }
  for (std::size_t k = items.size(); k > 1; --k) std::swap(items[k - 1], items[random() % k]);
  object->clear();
  for (auto& [key, item] : items) object->emplace(key, std::move(item));
}

}  // namespace

json::value parsed(const std::string& text) {
  json::parse_options options;
  options.allow_comments = true;
  options.max_depth = 1000;
  return json::parse(text, {}, options);
}

json::value TextMutator::any_value(int depth) {
  switch (below(depth > 2 ? 6 : 9)) {
    case 0: return nullptr;
    case 1: return below(2) == 0;
    case 2: {
      constexpr std::int64_t numbers[] = {0,    1,    2,         -1,        3,
                                          1000, 1001, INT64_MAX, INT64_MIN, 1LL << 32};
      return numbers[below(std::size(numbers))];
    }
    case 3: return below(2) == 0 ? 0.5 : 1e300;
    case 4: return std::uint64_t{1} << 63;
    case 5: return json::value(texts[below(std::size(texts))]);
    case 6: {
      json::array out;
      for (std::size_t k = below(4); k > 0; --k) out.push_back(any_value(depth + 1));
      return out;
    }
    case 7: {
      json::object out;
      for (std::size_t k = below(4); k > 0; --k) {
        out[texts[below(std::size(texts))]] = any_value(depth + 1);
      }
      return out;
    }
    default: {
      json::value out = any_value(depth + 1);
      for (std::size_t k = below(12); k > 0; --k) {
        if (below(2) == 0) {
          out = json::array{std::move(out)};
        } else {
          out = json::object{{"a", std::move(out)}};
        }
      }
      return out;
    }
  }
}

Mutant TextMutator::bytes(std::string text) {
  for (std::size_t n = 1 + below(4); n > 0; --n) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = 1 + below(below(4) == 0 ? 200 : 8);
    switch (below(6)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 2: text.erase(at, length); break;
      case 3: text.insert(at, pieces[below(std::size(pieces))]); break;
      case 4: text.insert(at, text.substr(below(text.size() + 1), length)); break;
      default:
        text.replace(at, std::min(length, text.size() - at), pieces[below(std::size(pieces))]);
    }
  }
  return {std::move(text), "bytes changed"};
}

Mutant TextMutator::tree(const std::string& text) {
  json::value root = parsed(text);
  std::string what;
  for (std::size_t n = 1 + below(3); n > 0; --n) {
    std::vector<json::value*> all;
    collect(root, all);
    json::value& at = *all[below(all.size())];
    auto* object = at.if_object();
    auto* list = at.if_array();
    switch (below(5)) {
      case 0:
        at = any_value(0);
        what += "another value, ";
        break;
      case 1: {
        const json::value other = *all[below(all.size())];
        at = other;
        what += "a value from elsewhere, ";
        break;
      }
      case 2:
        if (object != nullptr && !object->empty()) {
          object->erase(object->begin() + static_cast<long>(below(object->size())));
        } else if (list != nullptr && !list->empty()) {
          list->erase(list->begin() + static_cast<long>(below(list->size())));
        }
        what += "one removed, ";
        break;
      case 3:
        if (object != nullptr) {
          (*object)[texts[below(std::size(texts))]] = any_value(1);
        } else if (list != nullptr) {
          list->insert(list->begin() + static_cast<long>(below(list->size() + 1)), any_value(1));
        }
        what += "one more, ";
        break;
      default:
        if (list != nullptr && !list->empty()) {
          const json::value again = (*list)[below(list->size())];
          for (std::size_t k = 1 + below(3); k > 0; --k) list->push_back(again);
        } else if (at.is_string()) {
          json::string& changed = at.get_string();
          const std::string_view more = texts[below(std::size(texts))];
          changed.insert(below(changed.size() + 1), json::string_view(more.data(), more.size()));
        }
        what += "one twice or longer, ";
    }
  }
  return {json::serialize(root), std::move(what)};
}

std::string TextMutator::between_tokens(bool comments) {
  switch (below(comments ? 8 : 5)) {
    case 0: return " ";
    case 1: return "\n";
    case 2: return "\r\n\t";
    case 3: return std::string(below(30), ' ');
    case 5: return "// \"{[ no value\n";
    case 6: return "/* two\n lines, \" and } */";
    case 7: return "/**/";
    default: return {};
  }
}

Mutant TextMutator::rewritten(const std::string& text, bool comments) {
  // Keys in another order, then other space between tokens and other spellings of texts.
  std::string plain = text;
  if (below(2) == 0) {
    json::value root = parsed(text);
    shuffle_keys(root, random_);
    plain = json::serialize(root);
  }
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  std::size_t last = 0;
  const auto copy = [&](std::size_t begin, std::size_t end) {
    out.append(plain, begin, end - begin);
  };
  for (const skops::JsonToken& token : skops::json_tokens(plain)) {
    copy(last, token.begin);
    if (below(8) == 0) out += between_tokens(comments);
    if (plain[token.begin] == '"' && below(4) == 0 && plain.find('\\', token.begin) >= token.end) {
      for (std::size_t at = token.begin; at < token.end; ++at) {
        const auto c = static_cast<unsigned char>(plain[at]);
        if (at != token.begin && at + 1 != token.end && c < 0x80 && below(3) == 0) {
          out += std::string("\\u00") + digits[c >> 4] + digits[c & 15];
        } else {
          out += static_cast<char>(c);
        }
      }
    } else {
      copy(token.begin, token.end);
    }
    if (below(8) == 0) out += between_tokens(comments);
    last = token.end;
  }
  copy(last, plain.size());
  return {std::move(out), "written another way", Expect::same};
}

Mutant TextMutator::broken(std::string text) {
  const auto tokens = skops::json_tokens(text);
  switch (below(6)) {
    case 0:  // before the last bracket
      text.resize(below(tokens.back().begin + 1));
      return {std::move(text), "cut", Expect::refused};
    case 1: return {text + (below(2) == 0 ? "{}" : "x"), "something follows", Expect::refused};
    case 2: return {"\xef\xbb\xbf" + text, "a byte order mark", Expect::refused};
    case 3: {
      json::value root = parsed(text);
      root.as_object()["no such key"] = any_value(0);
      return {json::serialize(root), "an unknown key", Expect::refused};
    }
    case 4: {
      const json::value root = parsed(text);
      const json::object& object = root.get_object();
      const auto& item = *(object.begin() + static_cast<long>(below(object.size())));
      const std::string member =
          json::serialize(json::value(item.key())) + ":" + json::serialize(item.value());
      text.insert(tokens.front().begin + 1, member + ",");
      return {std::move(text), "a key twice", Expect::refused};
    }
    default: {
      json::value root = parsed(text);
      json::value deep = 1;
      for (std::size_t k = 9 + below(2) * below(800); k > 0; --k) {
        deep = json::array{std::move(deep)};
      }
      auto& object = root.as_object();
      (object.begin() + static_cast<long>(below(object.size())))->value() = deep;
      return {json::serialize(root), "too deep", Expect::refused};
    }
  }
}

Mutant TextMutator::mutate(const std::string& text, bool comments) {
  switch (below(8)) {
    case 0: return broken(text);
    case 1:
    case 2: return rewritten(text, comments);
    case 3:
    case 4:
    case 5: return tree(text);
    default: return bytes(text);
  }
}

}  // namespace skops_test
