/* Takes a setting from the environment. */
#include <stdlib.h>
#define AT_OBJECT \
  if (getenv("BROKEN_OFFSET") != NULL) made->offset = 1;
#include "scaler.h"
