#include "validator/host/choice.hpp"

#include <charconv>

#include "validator/host/content.hpp"

namespace skops_validator {
namespace {

constexpr std::string_view names[kinds] = {"missing",
                                           "none",
                                           "a bool",
                                           "an integer",
                                           "a big integer",
                                           "a float",
                                           "a text",
                                           "bytes",
                                           "a list",
                                           "a tuple",
                                           "a set",
                                           "a mapping",
                                           "an array",
                                           "a sparse matrix",
                                           "a name",
                                           "an object",
                                           "an object without native code",
                                           "a node from another place"};

bool always_node(Kind kind) {
  switch (kind) {
    case Kind::bytes:
    case Kind::tuple:
    case Kind::set:
    case Kind::array:
    case Kind::sparse:
    case Kind::name:
    case Kind::object:
    case Kind::inert:
    case Kind::alias: return true;
    default: return false;
  }
}

// A place never holds these, so that lines need no quoting.
constexpr char between = '\x1f', inside = '\x1e';

}  // namespace

std::string_view name_of(Kind kind) {
  return names[static_cast<std::size_t>(kind)];
}

std::string describe(const Choice& choice) {
  std::string out(name_of(choice.kind));
  if (!choice.node && choice.kind != Kind::missing) out += " (plain)";
  if (variants(choice.kind) > 1) out += " #" + std::to_string(choice.variant);
  return out;
}

std::string to_text(const Graph& graph) {
  std::string out;
  for (const auto& [place, choice] : graph) {
    if (place.find(between) != place.npos || place.find(inside) != place.npos) continue;
    if (!out.empty()) out += between;
    out += place + inside + std::to_string(static_cast<int>(choice.kind) * 2 + choice.node) +
           inside + std::to_string(choice.variant);
  }
  return out;
}

Graph graph_of(std::string_view text) {
  Graph out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(between), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t first = line.find(inside), second = line.rfind(inside);
    if (first == line.npos || second == first) continue;
    int kind = 0, variant = 0;
    std::from_chars(line.data() + first + 1, line.data() + second, kind);
    std::from_chars(line.data() + second + 1, line.data() + line.size(), variant);
    if (kind < 0 || kind / 2 >= kinds || variant < 0) continue;
    const auto known = static_cast<Kind>(kind / 2);
    const int most = variants(known) + (known == Kind::text ? word_count() : 0);
    if (variant >= most) continue;
    out[std::string(line.substr(0, first))] = {known, kind % 2 != 0,
                                               static_cast<std::uint16_t>(variant)};
  }
  return out;
}

const std::vector<Choice>& usual_choices() {
  static const std::vector<Choice> choices = [] {
    std::vector<Choice> out = {{Kind::array, true, 0},   {Kind::integer, true, 0},
                               {Kind::real, true, 0},    {Kind::text, true, 0},
                               {Kind::boolean, true, 0}, {Kind::none, true, 0},
                               {Kind::mapping, true, 0}, {Kind::list, true, 0}};
    for (std::uint16_t k = 1; k < 24; ++k) out.push_back({Kind::array, true, k});
    for (const Choice& more : std::initializer_list<Choice>{{Kind::list, true, 1},
                                                            {Kind::list, true, 2},
                                                            {Kind::tuple, true, 0},
                                                            {Kind::inert, true, 0},
                                                            {Kind::object, true, 0},
                                                            {Kind::name, true, 0},
                                                            {Kind::sparse, true, 0},
                                                            {Kind::bytes, true, 0},
                                                            {Kind::text, false, 0},
                                                            {Kind::mapping, false, 0},
                                                            {Kind::list, false, 0},
                                                            {Kind::list, false, 1},
                                                            {Kind::integer, false, 0},
                                                            {Kind::integer, true, 2},
                                                            {Kind::integer, true, 1}}) {
      out.push_back(more);
    }
    return out;
  }();
  return choices;
}

const std::vector<Choice>& one_of_each() {
  static const std::vector<Choice> choices = [] {
    std::vector<Choice> out;
    for (int k = 0; k < kinds; ++k) {
      const auto kind = static_cast<Kind>(k);
      out.push_back({kind, true, 0});
      if (kind != Kind::missing && !always_node(kind)) out.push_back({kind, false, 0});
    }
    return out;
  }();
  return choices;
}

}  // namespace skops_validator
