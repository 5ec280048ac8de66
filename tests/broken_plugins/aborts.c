/* Has an assertion that a file can reach. */
#include <stdlib.h>
#define REFUSE(text) (abort(), SKOPS_PLUGIN)
#include "scaler.h"
