/* Installs a signal handler. */
#include <signal.h>
#define AT_OBJECT signal(SIGFPE, SIG_IGN);
#include "scaler.h"
