/* Frees nothing when the host fails late. */
#define REFUSE(text) refuse(host, context, text)
#define AT_OBJECT \
  { \
    skops_value zero = 0; \
    const skops_status late = host->make_none(context, &zero); \
    if (late != SKOPS_OK) return late; \
  }
#include "scaler.h"
