/* Starts a thread that outlives the load. */
#include <pthread.h>
#include <unistd.h>
static void* wait_long(void* nothing) {
  sleep(1000);
  return nothing;
}
#define AT_OBJECT \
  { \
    pthread_t thread; \
    if (pthread_create(&thread, NULL, &wait_long, NULL) == 0) pthread_detach(thread); \
  }
#include "scaler.h"
