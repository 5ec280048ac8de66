// The whole command but its main: what it prints and gives depends on its arguments, its input, and
// the places that it is told.
#pragma once

#include "locations.hpp"

namespace skops_cli {

// The exit status.
int command(int argc, char** argv, const Locations& locations);

}  // namespace skops_cli
