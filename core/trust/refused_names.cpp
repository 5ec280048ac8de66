#include "trust/refused_names.hpp"

#include <algorithm>
#include <iterator>

namespace skops {
namespace {

struct Refused {
  std::string_view name;  // with `.*`: everything below
  std::string_view reason;
};

// Sorted, so that it can be searched. refused_names.cmake writes the rows from refused_names.tsv.
constexpr Refused table[] = {
#include "refused_names.inc"
};

static_assert(std::is_sorted(std::begin(table), std::end(table),
                             [](const Refused& a, const Refused& b) { return a.name < b.name; }));

std::string_view find(std::string_view key) {
  const auto at = std::lower_bound(std::begin(table), std::end(table), key,
                                   [](const Refused& a, std::string_view b) { return a.name < b; });
  return at != std::end(table) && at->name == key ? at->reason : std::string_view();
}

}  // namespace

std::string_view refused_reason(std::string_view name) {
  // Classes that make an array of what they are given, among modules that load files.
  for (const std::string_view harmless :
       {"libskops.io.arrays.ObjectArray", "libskops.io.arrays.StringArray",
        "libskops.io.arrays.StringDType"}) {
    if (name == harmless) return {};
  }
  if (const auto reason = find(name); !reason.empty()) return reason;
  // `os.*` refuses os.system and os.path.join, at dots. No entry is longer than this.
  char prefix[64];
  const std::size_t end = std::min(name.size(), sizeof prefix - 2);
  for (std::size_t dot = name.find('.'); dot < end; dot = name.find('.', dot + 1)) {
    name.copy(prefix, dot);
    prefix[dot] = '.';
    prefix[dot + 1] = '*';
    if (const auto reason = find({prefix, dot + 2}); !reason.empty()) return reason;
  }
  return {};
}

std::string_view refused_attribute_reason(std::string_view attributes) {
  for (;;) {
    const std::size_t dot = std::min(attributes.find('.'), attributes.size());
    const std::string_view part = attributes.substr(0, dot);
    if (part.starts_with("__") && part.ends_with("__")) {
      return "attributes with two underscores reach around the audit";
    }
    if (dot == attributes.size()) return {};
    attributes.remove_prefix(dot + 1);
  }
}

std::string_view refused_method_reason(std::string_view method) {
  if (const auto reason = refused_attribute_reason(method); !reason.empty()) return reason;
  for (const Refused& refused : table) {
    const std::string_view name = refused.name;
    if (name.size() > method.size() && name.ends_with(method) &&
        name[name.size() - method.size() - 1] == '.') {
      return refused.reason;
    }
  }
  return {};
}

}  // namespace skops
