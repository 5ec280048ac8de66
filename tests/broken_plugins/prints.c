/* Prints while it loads. */
#include <stdio.h>
#define AT_OBJECT printf("loaded %d numbers\n", (int)n);
#include "scaler.h"
