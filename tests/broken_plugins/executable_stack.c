/* Asks for a stack that code can run on. */
#include "scaler.h"
