/* Refuses hosts that are newer than itself. */
#define AT_LOAD \
  if (host->size != sizeof(skops_host)) return REFUSE("this host is unknown");
#include "scaler.h"
