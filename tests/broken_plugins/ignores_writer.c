/* Saves on when the writer has failed. */
#define WRITE(expression) (void)(expression)
#include "scaler.h"
