// The value of a node that holds JSON text (a JsonNode), parsed when somebody asks.
//
// Auditing a file never needs these values, and a forest has 40,000 of them; so their text is
// parsed one by one, with the limits of the load it belongs to. The text is what Python's json
// module writes: NaN, Infinity and -Infinity are numbers in it.
#pragma once

#include "graph/graph.hpp"
#include "schema/tape.hpp"

namespace skops {

// Whether the node's loader has a field of JSON text.
bool has_json_value(const Graph& graph, NodeId node);

// Parses it; the graph must outlive the tape. Errors name the node's path. A node without JSON text
// is an error of the family `malformed`: the file put it where a plain value belongs.
Tape json_value(const Graph& graph, NodeId node, Budget& budget);

}  // namespace skops
