/* A serializer without a load. */
#define LOAD NULL
#include "scaler.h"
