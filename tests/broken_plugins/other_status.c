/* Tells the host one family and returns another. */
#define REFUSE(text) (refuse(host, context, text), SKOPS_UNSUPPORTED)
#include "scaler.h"
