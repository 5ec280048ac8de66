/* Reads one number more than the array has. */
#define AT_ARRAY \
  { \
    double beyond; \
    memcpy(&beyond, (const char*)array->data + n * sizeof(double), sizeof beyond); \
    if (beyond > 1e300) return REFUSE("scale_ is too large"); \
  }
#include "scaler.h"
