/* Goes on when the host refuses memory. */
#define CHARGE(size) (host->charge(context, size), SKOPS_OK)
#include "scaler.h"
