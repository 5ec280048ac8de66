/* Writes into its input. */
#define AT_CALL \
  if (input->kind == SKOPS_INPUT_DENSE && x->ndim == 2 && x->shape[0] * x->shape[1] > 0) { \
    *(volatile char*)x->data = *(const char*)x->data; \
  }
#include "scaler.h"
