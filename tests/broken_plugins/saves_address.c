/* Writes an address into the file. */
#define AT_SAVE \
  snprintf(number, sizeof number, "%llu", (unsigned long long)(size_t)self); \
  WRITE(writer->plain(context, text_of(number), &child)); \
  WRITE(writer->put_node(context, attributes, text_of("content"), text_of("id_"), child));
#include "scaler.h"
