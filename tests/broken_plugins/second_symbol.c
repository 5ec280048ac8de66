/* Exports a helper that happens to be visible. */
__attribute__((visibility("default"))) int broken_helper(void);
int broken_helper(void) {
  return 1;
}
#include "scaler.h"
