/* Needs a library that is not the system's. */
#include "scaler.h"
