/* Assumes that the first node has the handle 2. */
#define AT_LOAD \
  if (host->value_of(context, 2, &item) != SKOPS_OK) return SKOPS_PLUGIN;
#include "scaler.h"
