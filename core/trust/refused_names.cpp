#include "trust/refused_names.hpp"

#include <algorithm>
#include <iterator>
#include <span>

namespace skops {
namespace {

struct Row {
  std::string_view name;  // with `.*`: everything below
  std::string_view text;
};

// Both sorted, so that they can be searched. rows.cmake writes the rows from the tables.
constexpr Row refused[] = {
#include "refused_names.inc"
};
constexpr Row harmless[] = {
#include "harmless_methods.inc"
};

constexpr bool in_order(const Row& a, const Row& b) {
  return a.name < b.name;
}
static_assert(std::is_sorted(std::begin(refused), std::end(refused), in_order));
static_assert(std::is_sorted(std::begin(harmless), std::end(harmless), in_order));

constexpr std::size_t longest_prefix = 64;  // with its `.*`
static_assert(std::all_of(std::begin(refused), std::end(refused), [](const Row& row) {
  return !row.name.ends_with(".*") || row.name.size() <= longest_prefix;
}));

bool dunder(std::string_view name) {
  return name.starts_with("__") && name.ends_with("__");
}

// The text of a row, or an empty one.
std::string_view find(std::span<const Row> table, std::string_view name) {
  const auto at = std::lower_bound(table.begin(), table.end(), Row{name, {}}, in_order);
  return at != table.end() && at->name == name ? at->text : std::string_view();
}

}  // namespace

std::string_view refused_reason(std::string_view name) {
  // Classes that make an array of what they are given, among modules that load files.
  for (const std::string_view harmless :
       {"libskops.io.arrays.ObjectArray", "libskops.io.arrays.StringArray",
        "libskops.io.arrays.StringDType"}) {
    if (name == harmless) return {};
  }
  if (const auto reason = find(refused, name); !reason.empty()) return reason;
  if (dunder(name.substr(name.rfind('.') + 1))) {
    return "names with two underscores reach around the audit";
  }
  // `os.*` refuses os.system and os.path.join, at dots.
  char prefix[longest_prefix];
  const std::size_t end = std::min(name.size(), sizeof prefix - 2);
  for (std::size_t dot = name.find('.'); dot < end; dot = name.find('.', dot + 1)) {
    name.copy(prefix, dot);
    prefix[dot] = '.';
    prefix[dot + 1] = '*';
    if (const auto reason = find(refused, {prefix, dot + 2}); !reason.empty()) return reason;
  }
  return {};
}

std::string_view refused_unless_seen(std::string_view name) {
  if (name != "operator.attrgetter" && name != "operator.methodcaller") return {};
  return "handed on as it is, it calls or reads what no audit sees";
}

std::string_view refused_attribute_reason(std::string_view attributes) {
  for (;;) {
    const std::size_t dot = std::min(attributes.find('.'), attributes.size());
    const std::string_view part = attributes.substr(0, dot);
    if (dunder(part)) {
      return "attributes with two underscores reach around the audit";
    }
    if (dot == attributes.size()) return {};
    attributes.remove_prefix(dot + 1);
  }
}

std::string_view refused_method_reason(std::string_view method) {
  if (const auto reason = refused_attribute_reason(method); !reason.empty()) return reason;
  for (const auto& [name, reason] : refused) {
    if (name.size() > method.size() && name.ends_with(method) &&
        name[name.size() - method.size() - 1] == '.') {
      return reason;
    }
  }
  return {};
}

bool harmless_method(std::string_view method) {
  return !find(harmless, method).empty();
}

}  // namespace skops
