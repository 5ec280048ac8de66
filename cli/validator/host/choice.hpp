// What a made-up file holds at each place that a plugin looks at.
//
// A place is named by the way to it from the node that is being loaded: "/content" is a field,
// ".coef_" an item of a mapping, "[0]" one of a list, "@name" a member of the archive. A `Graph`
// says what is at some places; everything else is missing. Nothing exists before a plugin asks for
// it, so graphs need no layout of any loader: what a plugin asks for is what it can be lied to
// about.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace skops_validator {

enum class Kind : std::uint8_t {
  missing,
  none,
  boolean,
  integer,
  big_integer,
  real,
  text,
  bytes,
  list,
  tuple,
  set,
  mapping,
  array,
  sparse,
  name,
  object,
  inert,
  alias  // the same node as one that was looked at before
};
inline constexpr int kinds = 18;
std::string_view name_of(Kind kind);

struct Choice {
  Kind kind = Kind::missing;
  bool node = true;           // a node of its own, or plain JSON inside of the node above
  std::uint16_t variant = 0;  // which of the contents of that kind, see content.hpp
  bool operator==(const Choice&) const = default;
};
std::string describe(const Choice& choice);

using Graph = std::map<std::string, Choice, std::less<>>;

// As text of one line, and back; what makes no sense in the text is left out.
std::string to_text(const Graph& graph);
Graph graph_of(std::string_view text);

// How many contents there are of a kind; the first is the most ordinary.
std::uint16_t variants(Kind kind);

// Contents in the order in which a search tries them for a place of which nothing is known.
const std::vector<Choice>& usual_choices();
// One of each kind, as a node and as plain JSON where both are possible.
const std::vector<Choice>& one_of_each();

}  // namespace skops_validator
