/* Takes every input for rows one after the other. */
#define ELEMENT(x, i, j) ((const char*)(x)->data + ((uint64_t)(i) * self->n + (j)) * 8)
#include "scaler.h"
