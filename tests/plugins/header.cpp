// The ABI header as C++11, with every warning an error.
#include <skops/plugin.h>

static_assert(sizeof(skops_string) == 16, "texts are two words on every platform that we know");
