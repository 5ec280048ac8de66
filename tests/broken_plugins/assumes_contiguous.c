/* Reads an array without its strides. */
#define AT_ARRAY \
  { \
    double last = 0; \
    if (n != 0) memcpy(&last, (const char*)array->data + (n - 1) * 8, 8); \
    if (last > 1e300) return REFUSE("scale_ is too large"); \
  }
#include "scaler.h"
