/* A row of the list is null. */
#define NULL_SERIALIZER
#include "scaler.h"
