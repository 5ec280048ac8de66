/* Has an assertion on how many attributes a file has. */
#define AT_OBJECT                                       \
  {                                                     \
    uint64_t attributes = 0;                            \
    TRY(host->value_size(context, mapping, &attributes)); \
    if (attributes > 2) abort();                        \
  }
#include "scaler.h"
