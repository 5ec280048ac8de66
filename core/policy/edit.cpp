// Changes to the user's file that keep all that its user wrote around them.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "policy/policy_bytes.hpp"
#include "policy/policy_document.hpp"
#include "policy/user_file.hpp"
#include "skops/error.hpp"

namespace skops {
namespace {

constexpr const char* empty_policy = "{\n  \"version\": 1\n}\n";

std::string quoted(const std::string& text) {
  return boost::json::serialize(boost::json::value(text));
}

// The rule as a file writes it: a text where that says all.
std::string json_of(const Rule& rule) {
  Rule plain = rule;
  plain.version.clear();
  const std::string text = quoted(plain.text());
  if (rule.version.empty() && rule.reason.empty()) return text;
  const char* key = rule.kind == Rule::Kind::library  ? "library"
                    : rule.kind == Rule::Kind::prefix ? "prefix"
                                                      : "name";
  std::string out = std::string("{\"") + key + "\": " + text;
  if (!rule.version.empty()) out += ", \"version\": " + quoted(rule.version);
  if (!rule.reason.empty()) out += ", \"reason\": " + quoted(rule.reason);
  return out + '}';
}

bool same_rule(const Rule& a, const Rule& b) {
  return a.effect == b.effect && a.kind == b.kind && a.name == b.name && a.version == b.version;
}

std::string current_text(const PolicyLocations& where) {
  const auto file = read_policy_bytes(where.user, where.owner, PolicyLimits{}.policy_bytes);
  return file ? file->text : empty_policy;
}

// What is written must read back, within the limits.
void write_checked(const PolicyLocations& where, const std::string& text) {
  if (text.size() > PolicyLimits{}.policy_bytes) {
    throw Error(Family::limit, "limit.policy_bytes",
                where.user.string() + " would have more than " +
                    std::to_string(PolicyLimits{}.policy_bytes) + " bytes",
                {}, "trust libraries, or prefixes of your own modules");
  }
  (void)read_policy_text(text, where.user.string(), Layer::user);
  write_user_file(where.user, text);
}

// Behind the last item: a comma and a line of its own, unless the list stands on one line.
std::string with_item(const std::string& text, const PlacedValue& list, const std::string& item) {
  std::string out = text;
  if (list.items.empty()) {
    const bool bare = text.find_first_not_of(" \t\r\n", list.begin + 1) == list.end - 1;
    // A comment may be all that the list holds, and may reach to the end of its line.
    return bare ? out.replace(list.begin, list.end - list.begin, "[\n    " + item + "\n  ]")
                : out.insert(list.begin + 1, "\n    " + item);
  }
  const std::size_t end = list.items.back().end;
  // What follows the last item, a comment on its line perhaps, stays with it.
  const std::size_t rest = text.find_last_not_of(" \t\r\n", list.end - 2) + 1;
  if (text.substr(list.begin, list.end - list.begin).find('\n') == text.npos) {
    return out.insert(end, ", " + item);
  }
  out.insert(rest, "\n    " + item);
  return out.insert(end, ",");
}

std::string with_list(const std::string& text, const PlacedValue& root, const char* key,
                      const std::string& item) {
  const std::size_t end = root.items.back().end;
  return std::string(text).insert(end,
                                  std::string(",\n  \"") + key + "\": [\n    " + item + "\n  ]");
}

// The text without a list's item and the comma that goes with it. Comments stay, but one behind it
// on its own line.
std::string without_item(const std::string& text, const PlacedValue& list, std::size_t number) {
  const PlacedValue& item = list.items[number];
  const bool last = number + 1 == list.items.size();
  std::string out = text;
  const auto comma_between = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if (text[i] == '/') {
        const bool line = text[i + 1] == '/';
        i = line ? text.find('\n', i) : text.find("*/", i + 2) + 1;
      } else if (text[i] == ',') {
        return i;
      }
    }
    return std::string::npos;
  };
  std::size_t begin = item.begin, end = item.end;
  std::size_t comma = std::string::npos;
  if (!last) {
    comma = comma_between(item.end, list.items[number + 1].begin);
  } else if (number > 0) {
    comma = comma_between(list.items[number - 1].end, item.begin);
  }
  // Its line, where it stands alone on one.
  const std::size_t line = text.rfind('\n', begin);
  if (line != text.npos && text.find_first_not_of(" \t", line + 1) == begin) {
    std::size_t rest = end;
    if (comma == end) ++rest;
    const std::size_t next = text.find_first_not_of(" \t", rest);
    if (next != text.npos && (text[next] == '\n' || text[next] == '\r')) {
      begin = line;
      end = comma == item.end ? next : end;
    }
  }
  if (comma != std::string::npos && comma >= end) out.erase(comma, 1);
  out.erase(begin, end - begin);
  if (comma != std::string::npos && comma < begin) out.erase(comma, 1);
  return out;
}

}  // namespace

bool add_user_rule(const PolicyLocations& where, const Rule& rule) {
  const FolderLock lock(where.user);
  const std::string text = current_text(where);
  const std::string origin = where.user.string();
  const PolicyDocument document(text, origin, Layer::user);
  for (const PlacedRule& known : document.rules()) {
    if (same_rule(known.rule, rule)) return false;
  }
  Policy().add(rule);  // refused here, or it would be refused there
  const PlacedValue* list = document.list(rule.effect);
  write_checked(where, list != nullptr ? with_item(text, *list, json_of(rule))
                                       : with_list(text, document.json().root(),
                                                   key_of(rule.effect), json_of(rule)));
  return true;
}

bool remove_user_rule(const PolicyLocations& where, const Rule& rule) {
  const FolderLock lock(where.user);
  std::string text = current_text(where);
  const std::string origin = where.user.string();
  bool removed = false;
  for (;;) {
    const PolicyDocument document(text, origin, Layer::user);
    const PlacedValue* list = document.list(rule.effect);
    if (list == nullptr) break;
    const auto matches = [&](const PlacedRule& known) {
      Rule wanted = rule;
      if (rule.version.empty()) wanted.version = known.rule.version;
      return same_rule(known.rule, wanted);
    };
    const auto found = std::find_if(document.rules().begin(), document.rules().end(), matches);
    if (found == document.rules().end()) break;
    const auto item = std::find_if(list->items.begin(), list->items.end(),
                                   [&](const PlacedValue& v) { return v.begin == found->begin; });
    std::string next =
        without_item(text, *list, static_cast<std::size_t>(item - list->items.begin()));
    text = std::move(next);
    removed = true;
  }
  if (removed) write_checked(where, text);
  return removed;
}

}  // namespace skops
