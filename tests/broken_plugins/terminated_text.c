/* Takes a text of the file for one that ends with NUL. */
#define AT_ARRAY \
  TRY(attribute(host, context, mapping, "mode_", &item, &kind)); \
  if (kind != SKOPS_VALUE_STRING) return REFUSE("mode_ is no text"); \
  { \
    skops_string mode; \
    TRY(host->value_text(context, item, &mode)); \
    if (strlen(mode.data) > 100) return REFUSE("mode_ is too long"); \
  }
#include "scaler.h"
