/* Throws a C++ exception through the boundary. */
#include <stdexcept>
#define REFUSE(text) (throw std::runtime_error(text), SKOPS_PLUGIN)
#include "scaler.h"
