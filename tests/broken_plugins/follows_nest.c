/* Follows lists in lists by recursion, with a frame that only flat ones have room for. */
#include <skops/plugin.h>
#include <string.h>

static skops_status follow(const skops_host* host, skops_context* context, skops_value list,
                           int64_t* sum) __attribute__((noinline));
#define AT_ARRAY                                                            \
  TRY(attribute(host, context, mapping, "parts_", &item, &kind));           \
  if (kind == SKOPS_VALUE_LIST) {                                           \
    int64_t sum = 0;                                                        \
    TRY(follow(host, context, item, &sum));                                 \
    if (sum < 0) return REFUSE("parts_ has less than nothing");             \
  }
#include "scaler.h"

static skops_status follow(const skops_host* host, skops_context* context, skops_value list,
                           int64_t* sum) {
  volatile char room[1 << 16];
  skops_value item = 0;
  uint64_t n = 0;
  uint32_t kind = 0;
  skops_status status = host->value_size(context, list, &n);
  room[sizeof room - 1] = 0;
  if (status != SKOPS_OK || n == 0) return status;
  status = host->value_item(context, list, 0, &item);
  if (status == SKOPS_OK) status = host->value_kind(context, item, &kind);
  if (status == SKOPS_OK && kind == SKOPS_VALUE_LIST) status = follow(host, context, item, sum);
  *sum += (int64_t)n + room[sizeof room - 1];
  return status;
}
