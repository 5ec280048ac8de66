/* Takes a length in a member of the archive for its length. */
#define AT_ARRAY \
  { \
    skops_json name = 0; \
    skops_string file; \
    skops_bytes bytes; \
    uint64_t length, at; \
    unsigned sum = 0; \
    TRY(host->node_field(context, node, text_of("file"), &name)); \
    if (name == 0) return REFUSE("there is no file"); \
    TRY(host->json_text(context, name, &file)); \
    TRY(host->member(context, file, &bytes)); \
    if (bytes.size < 10) return REFUSE("the member is too short"); \
    length = bytes.data[8] + 256u * bytes.data[9]; \
    for (at = 0; at < length; ++at) sum += bytes.data[10 + at]; \
    if (sum == 1) return REFUSE("the sum is wrong"); \
  }
#include "scaler.h"
