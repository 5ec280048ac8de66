// The loaders that released skops knows, for tests of the graph that run without any plugin.
#pragma once

#include "graph/loader_table.hpp"

namespace skops::tests {

LoaderTable format_loaders();

}  // namespace skops::tests
