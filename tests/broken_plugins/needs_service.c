/* Uses an optional service without looking. */
#define AT_LOAD \
  { \
    const skops_limits* limits = \
        (const skops_limits*)host->service(context, text_of("skops.limits/1")); \
    if (limits->object_cells == 0) return REFUSE("nothing is allowed"); \
  }
#include "scaler.h"
