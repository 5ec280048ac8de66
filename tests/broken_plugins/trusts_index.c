/* Takes a number of the file for an index. */
#define AT_ARRAY \
  TRY(attribute(host, context, mapping, "best_", &item, &kind)); \
  if (kind != SKOPS_VALUE_INTEGER) return REFUSE("best_ is no integer"); \
  { \
    int64_t best = 0; \
    double chosen; \
    TRY(host->value_integer(context, item, &best)); \
    memcpy(&chosen, (const char*)array->data + (best - 1) * array->strides[0], 8); \
    if (chosen > 1e300) return REFUSE("the best is too large"); \
  }
#include "scaler.h"
