/* The entry has another name. */
#define ENTRY skops_plugin_v9
#include "scaler.h"
