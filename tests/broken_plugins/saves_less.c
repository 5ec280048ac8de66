/* Does not save all that it loads. */
#define WITHOUT_OFFSET
#include "scaler.h"
