/* Writes where the sink gave no memory. */
#define NO_MEMORY(out) 0
#include "scaler.h"
