/* Looks for libraries in a folder that anybody can write to. */
#include "scaler.h"
