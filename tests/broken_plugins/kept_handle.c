/* Keeps the value that a load made for the next one. */
#include <skops/plugin.h>
static skops_value kept;
#define MAKE(made) \
  (kept != 0 ? (destroy(made), *value = kept, SKOPS_OK) \
             : host->make_object(context, &scaler_type, made, &kept) + (int)(0 * (*value = kept)))
#include "scaler.h"
