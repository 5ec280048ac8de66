// Which scikit-learn an object was fitted with: its behaviour is followed where releases differ.
#pragma once

#include <cstdlib>
#include <string>

#include "define.hpp"

namespace skops_sklearn {

// Whether `_sklearn_version`, which every estimator's state holds, is major.minor.micro or newer.
// Anything that is no version counts as old.
inline bool fitted_since(const skops::sdk::Attributes& self, long major, long minor,
                         long micro = 0) {
  const std::string version = self.text("_sklearn_version", "1.0");
  const char* at = version.c_str();
  for (const long wanted : {major, minor, micro}) {
    char* end = nullptr;
    const long part = std::strtol(at, &end, 10);
    if (part != wanted) return part > wanted;
    at = *end == '.' ? end + 1 : "";
  }
  return true;
}

}  // namespace skops_sklearn
