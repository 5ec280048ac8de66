// A node as one short line of Python, where it holds nothing but plain values: `'l2'`, `[1, 2.5]`,
// `{'C': 1.0}`, `numpy.float64`.
#pragma once

#include <optional>
#include <string>

#include "graph/graph.hpp"

namespace skops {

// Nothing where the node is no plain value, or one that is not short.
std::optional<std::string> plain_text(const Graph& graph, NodeId id, bool containers);

// The text of a JSON value as Python writes it; long ones are shortened.
std::string python_text(std::string_view json);

// Python's `repr` of a text, but for its choice of quotes; at most `most` bytes of it.
std::string quoted(std::string_view text, std::size_t most);

}  // namespace skops
