/* Says that it has a result. */
#define AT_CALL \
  if (input->kind == SKOPS_INPUT_DENSE) return SKOPS_OK;
#include "scaler.h"
