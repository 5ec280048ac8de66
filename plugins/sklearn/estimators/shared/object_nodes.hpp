// The nodes of the objects in a list or an object array, without building the objects: an ensemble
// of a thousand trees needs the trees, not a thousand estimators around them. They may be arrays
// too, which the cells of an object array cannot hold.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "skops/sdk/value.hpp"

namespace skops_sklearn {

// The objects of an attribute, in C order: a list or tuple has one column, an object array of two
// dimensions as many as its rows have.
struct ObjectNodes {
  std::vector<skops::sdk::Node> nodes;
  std::size_t columns = 1;
  std::size_t rows() const { return columns == 0 ? 0 : nodes.size() / columns; }
};

// Throws where the attribute is missing or holds something else. What the nodes describe is the
// caller's to check.
ObjectNodes object_nodes(const skops::sdk::Attributes& self, std::string_view attribute);

// Throws where the node does not describe an object of exactly this class.
void require_class(const skops::sdk::Node& node, std::string_view module, std::string_view name);

}  // namespace skops_sklearn
