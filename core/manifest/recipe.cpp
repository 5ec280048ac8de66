#include "manifest/recipe.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "graph/dotted_name.hpp"
#include "graph/loader_table.hpp"

namespace skops {
namespace {

struct Word {
  std::string_view word;
  Make make;
  // The kinds of the layout's fields in order: n node, s nodes, m map, f member, j json, t text,
  // a name. After `?` come fields that may be missing; `*` is any list.
  std::string_view fields;
};

constexpr Word words[] = {
    {"json", Make::json, "t"},
    {"dict", Make::dict, "nm"},
    {"defaultdict", Make::defaultdict, "nn"},
    {"list", Make::list, "s"},
    {"set", Make::set, "s"},
    {"tuple", Make::tuple, "s"},
    {"bytes", Make::bytes, "f"},
    {"bytearray", Make::bytearray, "f"},
    {"slice", Make::slice, "j"},
    {"name", Make::name, "?aa"},
    {"method", Make::method, "na"},
    {"partial", Make::partial, "nnnn"},
    {"operator", Make::operator_, "n?n"},
    {"object", Make::object, "?n"},
    {"call", Make::call, "n"},
    {"reduce", Make::reduce, "nn"},
    {"array", Make::array, "f"},
    {"object_array", Make::object_array, "sn"},
    {"hook", Make::hook, "*"},
};

char letter(FieldKind kind) {
  switch (kind) {
    case FieldKind::node: return 'n';
    case FieldKind::nodes: return 's';
    case FieldKind::map: return 'm';
    case FieldKind::member: return 'f';
    case FieldKind::json: return 'j';
    case FieldKind::text: return 't';
    case FieldKind::name: return 'a';
  }
  return ' ';
}

bool fits(std::string_view wanted, const LoaderLayout& layout) {
  if (wanted == "*") return true;
  std::string have;
  for (const LoaderField& field : layout.fields) have += letter(field.kind);
  const std::size_t mark = std::min(wanted.find('?'), wanted.size());
  const std::string_view must = wanted.substr(0, mark);
  std::string all(must);
  if (mark < wanted.size()) all += wanted.substr(mark + 1);
  return have == all || have == must;
}

std::uint32_t field_of(const ManifestValue& recipe, const char* key, const LoaderLayout& layout) {
  const std::string path = recipe.member(key).text();
  for (std::uint32_t k = 0; k < layout.fields.size(); ++k) {
    if (layout.fields[k].path == path) return k;
  }
  recipe.member(key).fail("is not a field of the loader");
}

}  // namespace

Recipe read_recipe(const ManifestValue& value, const LoaderLayout& layout) {
  value.keys({"make", "of", "args", "state"});
  Recipe recipe;
  const std::string make = value.member("make").text();
  const auto* word = std::find_if(std::begin(words), std::end(words),
                                  [&](const Word& known) { return known.word == make; });
  if (word == std::end(words)) value.member("make").fail("is no way to make an object");
  if (!fits(word->fields, layout)) value.member("make").fail("needs other fields of the loader");
  recipe.make = word->make;
  if (value.has("of")) {
    for (const ManifestValue& name : value.member("of").items()) {
      recipe.of.push_back(name.text());
      if (!is_dotted_name(recipe.of.back()) || recipe.of.back().find('.') == std::string::npos) {
        name.fail("is not the name of a class");
      }
    }
    auto sorted = recipe.of;
    std::sort(sorted.begin(), sorted.end());
    if (sorted.empty()) value.member("of").fail("is empty");
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
      value.member("of").fail("lists one class twice");
    }
  }
  const bool reduce = recipe.make == Make::reduce;
  if (reduce != value.has("args") || reduce != value.has("state")) {
    value.fail("has 'args' and 'state' only where it makes by 'reduce', and then both");
  }
  if (reduce) {
    recipe.args = field_of(value, "args", layout);
    recipe.state = field_of(value, "state", layout);
    if (recipe.args == recipe.state) value.fail("uses one field twice");
  }
  return recipe;
}

}  // namespace skops
