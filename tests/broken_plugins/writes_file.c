/* Keeps a log. */
#include <stdio.h>
#define AT_OBJECT \
  { \
    FILE* log = fopen("broken.log", "a"); \
    if (log != NULL) fclose(log); \
  }
#include "scaler.h"
