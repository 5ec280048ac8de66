/* Ends the process when a file is wrong. */
#include <stdlib.h>
#define REFUSE(text) (exit(0), SKOPS_PLUGIN)
#include "scaler.h"
