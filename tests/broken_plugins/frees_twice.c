/* Frees the state that the host has taken over. */
#define MAKE(made) make_and_free(host, context, made, value)
#include <skops/plugin.h>
struct scaler;
static skops_status make_and_free(const skops_host* host, skops_context* context,
                                  struct scaler* made, skops_value* value);
#include "scaler.h"

static skops_status make_and_free(const skops_host* host, skops_context* context,
                                  struct scaler* made, skops_value* value) {
  const skops_status status = host->make_object(context, &scaler_type, made, value);
  if (status != SKOPS_OK) destroy(made);
  return status;
}
