/* The plugin says that it needs a minor version that does not exist yet. */
#define ENTRY_MINOR (SKOPS_ABI_MINOR + 1)
#include "scaler.h"
