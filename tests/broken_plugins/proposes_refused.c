/* Proposes to trust what runs programs. */
#define DECLARED \
  "{\"trust\": \"opt-in\", \"uses\": [\"object\"], \"modules\": [\"broken\"], " \
  "\"names\": [\"Scaler\"]}, {\"trust\": \"opt-in\", \"uses\": [\"function\"], " \
  "\"modules\": [\"os\"], \"names\": [\"system\"]}"
#include "scaler.h"
