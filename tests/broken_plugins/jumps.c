/* Leaves a refused load by longjmp to the load before. */
#include <setjmp.h>
static jmp_buf back;
static int began;
#define AT_LOAD \
  if (!began++ && setjmp(back) != 0) return SKOPS_PLUGIN;
#define REFUSE(text) (longjmp(back, 1), SKOPS_PLUGIN)
#include "scaler.h"
