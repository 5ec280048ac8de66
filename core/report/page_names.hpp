// The names in a page: a card for each that is denied or to decide, a table a library for the rest.
#pragma once

#include <string>

#include "report/words.hpp"

namespace skops {

std::string open_names(const Audit& audit, const NameGroup& group);
std::string allowed_names(const Audit& audit, const NameGroup& group);

}  // namespace skops
