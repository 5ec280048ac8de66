/* Needs a function that nobody has. */
extern int broken_no_such_function(void);
#define AT_LOAD \
  if (broken_no_such_function() != 0) return SKOPS_PLUGIN;
#include "scaler.h"
