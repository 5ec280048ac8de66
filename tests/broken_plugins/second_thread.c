/* Calls the host from a thread of its own. */
#include <pthread.h>
#include <skops/plugin.h>
struct asked {
  const skops_host* host;
  skops_context* context;
};
static void* ask(void* raw) {
  struct asked* asked = (struct asked*)raw;
  asked->host->charge(asked->context, 1);
  return NULL;
}
#define AT_OBJECT \
  { \
    struct asked asked = {host, context}; \
    pthread_t thread; \
    if (pthread_create(&thread, NULL, &ask, &asked) == 0) pthread_join(thread, NULL); \
  }
#include "scaler.h"
