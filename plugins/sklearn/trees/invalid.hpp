// What is wrong with a stored tree. The room of trees knows no plugin interface; whoever calls it
// turns this into an error of the file.
#pragma once

#include <stdexcept>

namespace skops_sklearn::trees {

class Invalid : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace skops_sklearn::trees
