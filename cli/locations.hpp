// Where this system and this user keep what they have decided about libskops. The command's own
// `main` gives `Locations::of_user()`; tests give folders of their own. No environment variable has
// a say: whoever can set one must not be able to add a plugin or a rule.
#pragma once

#include "skops/locations.hpp"

namespace skops_cli {

using skops::Locations;

}  // namespace skops_cli
