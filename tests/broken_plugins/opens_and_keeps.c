/* Leaves a file open. */
#include <fcntl.h>
#define AT_OBJECT \
  if (open("/dev/null", O_RDONLY) < 0) n = 0;
#include "scaler.h"
