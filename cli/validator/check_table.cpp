#include "validator/checks/checks.hpp"

namespace skops_validator {

std::span<const Check> checks() {
  constexpr bool library = true, manifest = false;
  static constexpr Check table[] = {
#define CHECK(function, id, what, sentence, reason) {id, sentence, reason, &function, what},
#include "validator/checks.inc"
#undef CHECK
  };
  return table;
}

}  // namespace skops_validator
