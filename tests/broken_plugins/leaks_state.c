/* Keeps what it should free. */
#define RELEASE(state) (void)(state)
#include "scaler.h"
