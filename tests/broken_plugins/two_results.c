/* Gives two results. */
#define AT_RESULT \
  if (sink->array(sink->owner, &real, 1, &rows) == NULL) return SKOPS_LIMIT;
#include "scaler.h"
