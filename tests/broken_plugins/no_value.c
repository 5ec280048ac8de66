/* Says that it has loaded what it has not. */
#define MAKE(made) (destroy(made), SKOPS_OK)
#include "scaler.h"
