#include "parameters.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace skops_sklearn {

using namespace skops::sdk;

namespace {

struct Parameter {
  std::string_view name, text;
  int since, until;
};

constexpr int kOldest =
#define SKOPS_OLDEST(VERSION) VERSION
#define SKOPS_NEWEST(VERSION)
#define C(NAME)
#define P(NAME, TEXT, SINCE, UNTIL)
#include "parameters.inc"
    ;
#undef SKOPS_OLDEST
#undef SKOPS_NEWEST
#define SKOPS_OLDEST(VERSION)
constexpr std::string_view kNewest =
#define SKOPS_NEWEST(VERSION) VERSION
#include "parameters.inc"
    ;
#undef SKOPS_NEWEST
#define SKOPS_NEWEST(VERSION)

// A class is a row without a text; its parameters follow.
#undef C
#undef P
#define C(NAME) {#NAME, {}, 0, 0},
#define P(NAME, TEXT, SINCE, UNTIL) {#NAME, TEXT, SINCE, UNTIL},
constexpr Parameter rows[] = {
#include "parameters.inc"
};

// 1000 * major + minor of "1.5.2" in its quotes; nothing for other texts.
std::optional<int> version_of(std::string_view json) {
  if (json.size() < 2 || json.front() != '"') return std::nullopt;
  const char *at = json.data() + 1, *end = json.data() + json.size();
  int major = 0, minor = 0;
  const auto dot = std::from_chars(at, end, major);
  if (dot.ec != std::errc() || dot.ptr == end || *dot.ptr != '.') return std::nullopt;
  const auto rest = std::from_chars(dot.ptr + 1, end, minor);
  if (rest.ec != std::errc() || major < 0 || major > 99 || minor < 0 || minor > 999) {
    return std::nullopt;
  }
  return 1000 * major + minor;
}

Saved name(const Writer& out, std::string_view dotted, bool function) {
  const std::size_t dot = dotted.rfind('.');
  const std::string_view module = dotted.substr(0, dot), cls = dotted.substr(dot + 1);
  return function ? out.function(module, cls) : out.type(module, cls);
}

// "[1, 2.5]": numbers only.
Saved tuple(const Writer& out, std::string_view text) {
  std::vector<Saved> items;
  text = text.substr(1, text.size() - 2);
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(", "), text.size());
    items.push_back(out.json(text.substr(0, comma)));
    text.remove_prefix(std::min(text.size(), comma + 2));
  }
  return out.tuple(items);
}

Saved value(const Writer& out, std::string_view text) {
  for (const std::string_view form : {"tuple ", "type ", "function "}) {
    if (!text.starts_with(form)) continue;
    text.remove_prefix(form.size());
    return form == "tuple " ? tuple(out, text) : name(out, text, form == "function ");
  }
  return out.json(text);
}

}  // namespace

bool may_be_completed(const ObjectWriter& self) {
  return !self.has("_sklearn_version") ||
         version_of(self.json_of("_sklearn_version")).value_or(0) >= kOldest;
}

void add_parameters(ObjectWriter& self, std::string_view cls) {
  const Parameter* row = rows;
  while (row != std::end(rows) && (!row->text.empty() || row->name != cls)) ++row;
  if (row == std::end(rows) || !may_be_completed(self)) return;
  const std::optional<int> version = version_of(self.json_of("_sklearn_version"));
  const auto applies = [&](const Parameter& p) {
    return !version || (*version >= p.since && (p.until == 0 || *version < p.until));
  };
  for (++row; row != std::end(rows) && !row->text.empty(); ++row) {
    // Of several rows of one parameter the last one that applies is the newest.
    bool newest = applies(*row);
    for (const Parameter* p = row + 1; newest && p != std::end(rows) && !p->text.empty(); ++p) {
      newest = p->name != row->name || !applies(*p);
    }
    if (newest && !self.has(row->name)) self.put(row->name, value(self, row->text));
  }
  self.otherwise("_sklearn_version", kNewest);
}

}  // namespace skops_sklearn
