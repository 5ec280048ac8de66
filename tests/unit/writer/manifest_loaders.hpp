// The loaders of the first-party plugins, from their declarations: no library is needed.
#pragma once

#include "graph/loader_table.hpp"

namespace skops_test {

const skops::LoaderTable& loaders();

}  // namespace skops_test
