/* Allocates what the file says. */
#define AT_ARRAY \
  TRY(attribute(host, context, mapping, "size_", &item, &kind)); \
  if (kind != SKOPS_VALUE_INTEGER) return REFUSE("size_ is no integer"); \
  { \
    int64_t size = 0; \
    volatile char* room; \
    TRY(host->value_integer(context, item, &size)); \
    if (size < 0) return REFUSE("size_ is negative"); \
    room = (volatile char*)malloc((uint64_t)size % (1u << 28) * 8 + 1); \
    if (room == NULL) return REFUSE("there is no memory"); \
    room[0] = 1; \
    free((void*)room); \
  }
#include "scaler.h"
