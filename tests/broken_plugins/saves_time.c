/* Writes the time into the file. */
#include <time.h>
#define AT_SAVE \
  { \
    struct timespec now; \
    clock_gettime(CLOCK_REALTIME, &now); \
    snprintf(number, sizeof number, "%lld", (long long)now.tv_nsec); \
  } \
  WRITE(writer->plain(context, text_of(number), &child)); \
  WRITE(writer->put_node(context, attributes, text_of("content"), text_of("at_"), child));
#include "scaler.h"
