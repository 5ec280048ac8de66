/* Changes the locale. */
#include <locale.h>
#define AT_OBJECT setlocale(LC_ALL, "C.UTF-8");
#include "scaler.h"
