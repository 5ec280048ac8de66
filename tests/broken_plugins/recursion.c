/* Recurses without an end on an empty node. */
#include <skops/plugin.h>
static skops_status load_again(const skops_host* host, skops_context* context, skops_node node,
                               skops_value* value, int depth) __attribute__((noinline));
#define REFUSE(text) load_again(host, context, node, value, 1)
#include "scaler.h"

static skops_status load_again(const skops_host* host, skops_context* context, skops_node node,
                               skops_value* value, int depth) {
  volatile char room[4096];
  room[0] = (char)depth;
  if (depth < 0) return SKOPS_PLUGIN;
  return load_again(host, context, node, value, depth + 1 - room[0] % 1) + (int)(0 * room[0]);
}
