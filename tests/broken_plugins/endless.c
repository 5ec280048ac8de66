/* Never ends on an empty node. */
#define AT_LOAD \
  { \
    volatile int* again = (volatile int*)&kind; \
    TRY(host->node_field(context, node, text_of("content"), &content)); \
    while (content == 0) *again = 0; \
  }
#include "scaler.h"
