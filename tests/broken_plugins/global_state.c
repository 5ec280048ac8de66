/* Keeps the numbers of the last object for all of them. */
static double last_offset;
#define AT_OBJECT last_offset = made->scale[0];
#define AT_ROW sum += last_offset;
#include "scaler.h"
