/* The entry's size is not set. */
#define ENTRY_SIZE 0
#include "scaler.h"
