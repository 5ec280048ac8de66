// operator.methodcaller and operator.attrgetter: functions that name what they call or read in
// their arguments, where no rule looks. The audit looks there.
#pragma once

#include <span>
#include <string>

#include "graph/graph.hpp"

namespace skops {

// Why such a node is refused for what it is given, or an empty text. A method has to be one of
// those that only compute (refused_names.hpp). Names that cannot be read (that are no plain texts,
// too long or too many) are a reason, too.
std::string refused_operator(const Graph& graph, NodeId node);
// Why nobody would load one with these names, of attributes or (`calls`) of a method, or an empty
// text. Methods that are not known at all are none: a host that knows them loads them.
std::string refused_operator(std::span<const std::string> names, bool calls);

}  // namespace skops
