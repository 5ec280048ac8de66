/* Gives other results each time that a file is loaded. */
static double loads;
#define AT_OBJECT made->offset += loads++;
#include "scaler.h"
