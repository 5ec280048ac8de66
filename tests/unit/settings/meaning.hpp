// Everything that a reader has taken from a text, as one text that can be compared. Lines are not
// in it: they are places, not meaning.
#pragma once

#include <string>

#include "manifest/manifest.hpp"
#include "skops/policy.hpp"

namespace skops_test {

std::string meaning_of(const skops::Manifest& manifest);
std::string meaning_of(const skops::Policy& policy);

}  // namespace skops_test
