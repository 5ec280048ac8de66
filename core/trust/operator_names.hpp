// operator.methodcaller and operator.attrgetter: functions that name what they call or read in
// their arguments, where no rule looks. The audit looks there.
#pragma once

#include <span>
#include <string>

#include "graph/graph.hpp"

namespace skops {

// Why such a node is refused for what it is given, or an empty text. Names that cannot be read
// (that are no plain texts, too long or too many) are a reason, too.
std::string refused_operator(const Graph& graph, NodeId node);
// The same for the names themselves, of attributes or (`calls`) of a method.
std::string refused_operator(std::span<const std::string> names, bool calls);

}  // namespace skops
