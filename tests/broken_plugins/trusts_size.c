/* Takes a number of the file for the length of an array. */
#define AT_ARRAY \
  TRY(attribute(host, context, mapping, "size_", &item, &kind)); \
  if (kind != SKOPS_VALUE_INTEGER) return REFUSE("size_ is no integer"); \
  { \
    int64_t size = 0; \
    TRY(host->value_integer(context, item, &size)); \
    if (size < 0 || size > 1000) return REFUSE("size_ is out of range"); \
    n = (uint64_t)size; \
  }
#include "scaler.h"
