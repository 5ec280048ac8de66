/* Makes two objects in one load. */
#define AT_OBJECT \
  { \
    scaler* second = (scaler*)calloc(1, sizeof(scaler)); \
    if (second != NULL) TRY(host->make_object(context, &scaler_type, second, value)); \
  }
#include "scaler.h"
