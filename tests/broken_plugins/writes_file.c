/* Keeps a log. */
#include <stdio.h>
#define AT_OBJECT \
  { \
    FILE* log = fopen("/tmp/broken-plugin-of-a-test.log", "a"); \
    if (log != NULL) fclose(log); \
  }
#include "scaler.h"
