/* Fails with an empty text. */
#define REFUSE(text) refuse(host, context, "")
#include "scaler.h"
