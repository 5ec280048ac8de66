/* Writes one number more than its result has. */
#define AT_RESULT ((volatile double*)out)[rows] = 0;
#include "scaler.h"
