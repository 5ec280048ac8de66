/* Reads a value as a float without asking what it is. */
#define CHECK_KIND(kind, expected) ((kind) != 0)
#include "scaler.h"
