/* A destructor that fails. */
#include <stdlib.h>
__attribute__((destructor)) static void end(void) {
  abort();
}
#include "scaler.h"
