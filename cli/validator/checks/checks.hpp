// The functions of the checks, one family a file.
#pragma once

#include "validator/check.hpp"

namespace skops_validator {

#define CHECK(function, id, what, sentence, reason) void function(const Context& context);
#include "validator/checks.inc"
#undef CHECK

}  // namespace skops_validator
