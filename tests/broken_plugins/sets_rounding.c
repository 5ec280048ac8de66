/* Changes the floating-point mode. */
#include <fenv.h>
#define AT_OBJECT fesetround(FE_UPWARD);
#include "scaler.h"
