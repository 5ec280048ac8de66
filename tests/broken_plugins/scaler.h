/* A small plugin that keeps every rule, with places where a broken one differs: "Scaler" holds the
 * numbers scale_ and offset_; predict gives the sum of a row times scale_, plus offset_.
 *
 * A broken plugin defines one of the macros below and includes this file; scaler.c defines none. */
#include <skops/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(s) \
  { s, sizeof(s) - 1 }

/* -- What broken plugins replace. Statements unless it says otherwise. */
#ifndef AT_LOAD
#define AT_LOAD /* first of all */
#endif
#ifndef AT_ARRAY
#define AT_ARRAY /* `array` is scale_, `n` its length; `mapping` holds the attributes */
#endif
#ifndef AT_OBJECT
#define AT_OBJECT /* before the object `made` is given to the host */
#endif
#ifndef AT_CALL
#define AT_CALL /* first of all in predict */
#endif
#ifndef AT_ROW
#define AT_ROW /* after `sum` of row `i` was computed */
#endif
#ifndef AT_RESULT
#define AT_RESULT /* `out` has all its `rows` numbers */
#endif
#ifndef AT_SAVE
#define AT_SAVE /* `attributes` is the dict's node */
#endif
#ifndef CHARGE /* an expression: the status of asking for the memory */
#define CHARGE(size) host->charge(context, size)
#endif
#ifndef MAKE /* an expression: the status of making the object */
#define MAKE(made) host->make_object(context, &scaler_type, made, value)
#endif
#ifndef REFUSE /* an expression: the status of a refused file */
#define REFUSE(text) refuse(host, context, text)
#endif
#ifndef ELEMENT /* an expression: the address of an element of the input */
#define ELEMENT(x, i, j) \
  ((const char*)(x)->data + (int64_t)(i) * (x)->strides[0] + (int64_t)(j) * (x)->strides[1])
#endif
#ifndef NO_MEMORY /* an expression: whether the sink has refused memory */
#define NO_MEMORY(out) ((out) == NULL)
#endif
#ifndef CHECK_KIND
#define CHECK_KIND(kind, expected) ((kind) == (expected))
#endif
#ifndef ENTRY
#define ENTRY skops_plugin_v1
#endif
#ifndef ENTRY_SIZE
#define ENTRY_SIZE sizeof(skops_plugin)
#endif
#ifndef ENTRY_MINOR
#define ENTRY_MINOR SKOPS_ABI_MINOR
#endif
#ifndef LOAD
#define LOAD &load
#endif
#ifndef DECLARED
#define DECLARED                                                                \
  "{\"trust\": \"opt-in\", \"uses\": [\"object\"], \"modules\": [\"broken\"], " \
  "\"names\": [\"Scaler\"]}"
#endif

typedef struct scaler {
  uint64_t n;
  double offset;
  double* scale;
} scaler;

static skops_string text_of(const char* text) {
  const skops_string out = {text, strlen(text)};
  return out;
}

static skops_status refuse(const skops_host* host, skops_context* context, const char* text) {
  const skops_string none = {NULL, 0};
  return host->fail(context, SKOPS_MALFORMED, text_of("broken.malformed"), text_of(text), none);
}

static uint64_t method_count(const void* state) {
  (void)state;
  return 1;
}

#ifndef METHOD_NAME
#define METHOD_NAME(method) ((method) == 0 ? text_of("predict") : text_of(""))
#endif
static skops_string method_name(const void* state, uint64_t method) {
  (void)state;
  return METHOD_NAME(method);
}

static skops_status call(const void* state, const skops_call* call) {
  const scaler* self = (const scaler*)state;
  const skops_sink* sink = call->sink;
  const skops_input* input = call->input;
  const skops_array* x = input->array;
  const skops_string none = {NULL, 0};
  static const skops_dtype real = {sizeof(skops_dtype), 'f', 0, 8, 0, NULL};
  double* out;
  int64_t rows, i;
  uint64_t j;
  AT_CALL
  if (call->method != 0 || call->n_options != 0 || input->kind != SKOPS_INPUT_DENSE ||
      x->ndim != 2 || x->dtype->kind != 'f' || x->dtype->itemsize != 8 ||
      input->columns != self->n) {
    return sink->fail(sink->owner, SKOPS_INPUT, text_of("broken.input"),
                      text_of("rows of as many doubles as scale_ has are expected"), none);
  }
  rows = x->shape[0];
  out = (double*)sink->array(sink->owner, &real, 1, &rows);
  if (NO_MEMORY(out)) return SKOPS_LIMIT;
  for (i = 0; i < rows; ++i) {
    double sum = self->offset;
    for (j = 0; j < self->n; ++j) {
      double element;
      memcpy(&element, ELEMENT(x, i, j), sizeof element);
      sum += element * self->scale[j];
    }
    AT_ROW
    out[i] = sum;
  }
  AT_RESULT
  return SKOPS_OK;
}

static void destroy(scaler* state) {
  free(state->scale);
  free(state);
}

#ifndef RELEASE
#define RELEASE(state) destroy((scaler*)(state))
#endif
static void release(void* state) {
  RELEASE(state);
}

static const skops_object_type scaler_type = {sizeof(skops_object_type),
                                              TEXT("broken.Scaler"),
                                              &method_count,
                                              &method_name,
                                              &call,
                                              &release,
                                              NULL};

/* The attribute, or 0 in *item where the object has none. */
static skops_status attribute(const skops_host* host, skops_context* context, skops_value mapping,
                              const char* name, skops_value* item, uint32_t* kind) {
  const skops_status status = host->value_find(context, mapping, text_of(name), item);
  *kind = 0;
  if (status != SKOPS_OK || *item == 0) return status;
  return host->value_kind(context, *item, kind);
}

#define TRY(expression)                              \
  do {                                               \
    const skops_status status_of_try = (expression); \
    if (status_of_try != SKOPS_OK) {                 \
      if (made != NULL) destroy(made);               \
      return status_of_try;                          \
    }                                                \
  } while (0)

static skops_status load(const skops_host* host, skops_context* context, skops_node node,
                         skops_value* value) {
  skops_json content = 0;
  skops_node state = 0;
  skops_value mapping = 0, item = 0;
  uint32_t kind = 0;
  uint64_t n, k;
  const skops_array* array = NULL;
  scaler* made = NULL;
  AT_LOAD
  TRY(host->node_field(context, node, text_of("content"), &content));
  if (content == 0) return REFUSE("the object has no content");
  TRY(host->json_node(context, content, &state));
  if (state == 0) return REFUSE("the content is no node");
  TRY(host->value_of(context, state, &mapping));
  TRY(host->value_kind(context, mapping, &kind));
  if (kind != SKOPS_VALUE_MAPPING) return REFUSE("the content is no dict");
  TRY(attribute(host, context, mapping, "scale_", &item, &kind));
  if (kind != SKOPS_VALUE_ARRAY) return REFUSE("scale_ is no array");
  TRY(host->value_array(context, item, &array));
  if (array->ndim != 1 || array->dtype->kind != 'f' || array->dtype->itemsize != 8) {
    return REFUSE("scale_ is no list of doubles");
  }
  n = (uint64_t)array->shape[0];
  AT_ARRAY
  TRY(CHARGE(sizeof(scaler) + n * sizeof(double)));
  made = (scaler*)calloc(1, sizeof(scaler));
  if (made == NULL) return REFUSE("there is no memory");
  made->n = n;
  made->scale = (double*)malloc(n * sizeof(double) + 1);
  if (made->scale == NULL) {
    destroy(made);
    return REFUSE("there is no memory");
  }
  for (k = 0; k < n; ++k) {
    memcpy(made->scale + k, (const char*)array->data + (int64_t)k * array->strides[0],
           sizeof(double));
  }
  TRY(attribute(host, context, mapping, "offset_", &item, &kind));
  if (!CHECK_KIND(kind, SKOPS_VALUE_REAL)) {
    destroy(made);
    return REFUSE("offset_ is no float");
  }
  TRY(host->value_real(context, item, &made->offset));
  AT_OBJECT
  return MAKE(made);
}

#ifndef WRITE /* what happens to the status of a call of the writer */
#define WRITE(expression)                                    \
  do {                                                       \
    const skops_status status_of_write = (expression);       \
    if (status_of_write != SKOPS_OK) return status_of_write; \
  } while (0)
#endif

static skops_status save(const skops_writer* writer, skops_context* context,
                         const skops_object* object, skops_node* node) {
  const scaler* self = (const scaler*)object->state;
  static const skops_dtype real = {sizeof(skops_dtype), 'f', 0, 8, 0, NULL};
  const int64_t shape = (int64_t)self->n, stride = sizeof(double);
  const skops_array array = {sizeof(skops_array), self->scale, &real, 1, &shape, &stride};
  skops_node attributes = 0, child = 0;
  char number[64];
  WRITE(writer->node(context, text_of("ObjectNode"), text_of("broken"), text_of("Scaler"), node));
  WRITE(writer->node(context, text_of("DictNode"), text_of("builtins"), text_of("dict"),
                     &attributes));
  WRITE(writer->array(context, &array, 0, &child));
  WRITE(writer->put_node(context, attributes, text_of("content"), text_of("scale_"), child));
  AT_SAVE
#ifndef WITHOUT_OFFSET
  snprintf(number, sizeof number, "%.17g", self->offset);
  WRITE(writer->plain(context, text_of(number), &child));
  WRITE(writer->put_node(context, attributes, text_of("content"), text_of("offset_"), child));
#else
      (void)
  number;
#endif
  WRITE(writer->set_node(context, *node, text_of("content"), attributes));
  return SKOPS_OK;
}

static const skops_serializer serializer = {sizeof(skops_serializer),
                                            TEXT("ObjectNode"),
                                            TEXT("broken"),
                                            TEXT("Scaler"),
                                            0,
                                            3,
                                            LOAD,
                                            &save};
static const skops_serializer* const serializers[] = {
#ifdef NULL_SERIALIZER
    NULL
#else
    &serializer
#endif
};

#ifdef __cplusplus
extern "C" {
#endif
extern SKOPS_EXPORT const skops_plugin ENTRY;
const skops_plugin ENTRY = {ENTRY_SIZE,
                            SKOPS_ABI_MAJOR,
                            ENTRY_MINOR,
                            TEXT("broken"),
                            TEXT("1.0"),
                            TEXT("{\"loaders\": [], \"types\": [" DECLARED "]}"),
                            sizeof serializers / sizeof *serializers,
                            serializers};
#ifdef __cplusplus
}
#endif
