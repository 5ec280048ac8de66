/* The smallest plugin that works, in C alone: a "Doubler" whose predict gives each number twice as
 * large. Compiled as C11 with every warning an error, it shows that the header is C.
 *
 * With one of the BROKEN_ macros it breaks one rule of the load sequence; tests/unit/plugin asserts
 * what the host says of each. */
#include <skops/plugin.h>
#include <string.h>

#define TEXT(s) \
  { s, sizeof(s) - 1 }

static const char doubler_name[] = "test.Doubler";
static const char predict_name[] = "predict";

static uint64_t method_count(const void* state) {
  (void)state;
  return 1;
}

static skops_string method_name(const void* state, uint64_t method) {
  const skops_string name = TEXT(predict_name);
  const skops_string none = {NULL, 0};
  (void)state;
  return method == 0 ? name : none;
}

static skops_status refuse(const skops_sink* sink, const char* text) {
  const skops_string code = TEXT("input.doubler"), remedy = {NULL, 0};
  const skops_string message = {text, strlen(text)};
  return sink->fail(sink->owner, SKOPS_INPUT, code, message, remedy);
}

static skops_status call(const void* state, const skops_call* call) {
  const skops_sink* sink = call->sink;
  const skops_array* x = call->input->array;
  double* out;
  uint64_t rows, columns, i, j;
  (void)state;
  if (call->input->kind != SKOPS_INPUT_DENSE || x->dtype->kind != 'f' || x->dtype->itemsize != 8 ||
      x->ndim != 2) {
    return refuse(sink, "rows of float64 are expected");
  }
  rows = (uint64_t)x->shape[0];
  columns = (uint64_t)x->shape[1];
  out = (double*)sink->array(sink->owner, x->dtype, 2, x->shape);
  if (out == NULL) return SKOPS_LIMIT;
  for (i = 0; i < rows; ++i) {
    for (j = 0; j < columns; ++j) {
      double value;
      memcpy(&value, (const char*)x->data + (int64_t)i * x->strides[0] + (int64_t)j * x->strides[1],
             sizeof value);
      out[i * columns + j] = 2 * value;
    }
  }
  return SKOPS_OK;
}

static const skops_object_type doubler_type = {
    sizeof(skops_object_type), TEXT(doubler_name), &method_count, &method_name, &call, NULL, NULL};

static skops_status load(const skops_host* host, skops_context* context, skops_node node,
                         skops_value* value) {
  (void)node;
  return host->make_object(context, &doubler_type, NULL, value);
}

#ifdef BROKEN_SYMBOL
/* Nothing defines it: the linker cannot finish loading. */
extern int skops_test_no_such_function(void);
int (*const skops_test_needed)(void);
int (*const skops_test_needed)(void) = &skops_test_no_such_function;
#endif

#ifdef OTHER_CODE
/* What a swapped library would do: it tells by the exit status that it ran. */
#include <stdlib.h>
__attribute__((constructor)) static void run(void) { _Exit(66); }
#endif

#ifdef BROKEN_CLASS
#define CLASS "Halver"
#else
#define CLASS "Doubler"
#endif

static const skops_serializer serializer = {
    sizeof(skops_serializer), TEXT("ObjectNode"), TEXT("test"), TEXT(CLASS), 0, 3, &load, NULL};

/* The second one is not counted. */
static const skops_serializer* const serializers[] = {
#ifdef BROKEN_NULL
    NULL, &serializer
#else
    &serializer, NULL
#endif
};

#ifdef BROKEN_SIZE
#define SIZE 8
#else
#define SIZE sizeof(skops_plugin)
#endif
#ifdef BROKEN_ABI
#define MINOR (SKOPS_ABI_MINOR + 1)
#else
#define MINOR SKOPS_ABI_MINOR
#endif
#ifdef BROKEN_ID
#define ID "other"
#else
#define ID "minimal"
#endif
#ifdef BROKEN_VERSION
#define VERSION "2.0"
#else
#define VERSION "1.0"
#endif
#ifdef BROKEN_DECLARATIONS
#define TRUST "default"
#else
#define TRUST "opt-in"
#endif
#ifdef BROKEN_COUNT
#define COUNT 0
#else
#define COUNT 1
#endif

#ifdef BROKEN_ENTRY
#define ENTRY skops_plugin_v9
#else
#define ENTRY skops_plugin_v1
#endif

extern SKOPS_EXPORT const skops_plugin ENTRY;
const skops_plugin ENTRY = {
    SIZE, SKOPS_ABI_MAJOR, MINOR, TEXT(ID), TEXT(VERSION),
    /* clang-format off */
#ifdef BROKEN_EMPTY
    TEXT("{}"),
#else
    TEXT("{\n"
         "  \"loaders\": [{\"loader\": \"ObjectNode\", \"protocols\": [0, 3], \"use\": \"object\",\n"
         "                 \"fields\": [{\"name\": \"content\", \"kind\": \"node\",\n"
         "                             \"required\": false, \"step\": \"state\"}]}],\n"
         "  \"types\": [{\"trust\": \"" TRUST "\", \"uses\": [\"object\"], \"modules\": [\"test\"],\n"
         "               \"names\": [\"Doubler\"]}]\n"
         "}\n"),
#endif
    /* clang-format on */
    COUNT, serializers};
