/* A method throws. */
#include <stdexcept>
#define AT_ROW \
  if (sum < 1e9) throw std::runtime_error("too small");
#include "scaler.h"
