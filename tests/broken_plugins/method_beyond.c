/* Looks up a method without looking at its number. */
static const char* const names[] = {"predict"};
#define METHOD_NAME(method) text_of(names[(method) * 4096])
#include "scaler.h"
