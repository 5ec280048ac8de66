/* Fails without saying why. */
#define REFUSE(text) SKOPS_MALFORMED
#include "scaler.h"
