/* Proposes to trust another library's types. */
#define DECLARED \
  "{\"trust\": \"opt-in\", \"uses\": [\"object\"], \"modules\": [\"broken\"], " \
  "\"names\": [\"Scaler\"]}, {\"trust\": \"default\", \"uses\": [\"object\"], " \
  "\"modules\": [\"requests.sessions\"], \"names\": [\"Session\"]}"
#include "scaler.h"
