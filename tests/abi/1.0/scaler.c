/* A plugin as it was built for ABI 1.0, with the header of that release beside it. Never edit either
 * of the two: they stand for binaries that exist. Today's host loads it, calls it and saves with it
 * (tests/unit/abi).
 *
 * "test.Scaler" multiplies by its attribute `factor`. The plugin reads nodes, JSON, values and
 * limits, takes its state from the host's memory, fails with texts of its own, and saves what it
 * was loaded from with one attribute more. */
#include <skops/plugin.h>
#include <string.h>

#define TEXT(s) \
  { s, sizeof(s) - 1 }

static const char scaler_name[] = "test.Scaler";
static const char predict_name[] = "predict";

typedef struct scaler {
  double factor;
} scaler;

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

static skops_status call(const void* state, const skops_call* call) {
  const skops_sink* sink = call->sink;
  const skops_array* x = call->input->array;
  const double factor = ((const scaler*)state)->factor;
  double* out;
  uint64_t rows, columns, i, j;
  if (call->input->kind != SKOPS_INPUT_DENSE || x->dtype->kind != 'f' || x->dtype->itemsize != 8 ||
      x->ndim != 2) {
    const skops_string code = TEXT("input.scaler"), text = TEXT("rows of float64 are expected"),
                       remedy = TEXT("convert them");
    return sink->fail(sink->owner, SKOPS_INPUT, code, text, remedy);
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
      out[i * columns + j] = factor * value;
    }
  }
  return SKOPS_OK;
}

static const skops_object_type scaler_type = {
    sizeof(skops_object_type), TEXT(scaler_name), &method_count, &method_name, &call, NULL, NULL};

static skops_status load(const skops_host* host, skops_context* context, skops_node node,
                         skops_value* value) {
  const skops_string content = TEXT("content"), factor = TEXT("factor"),
                     limits = TEXT("skops.limits/1"), code = TEXT("scaler.factor"),
                     missing = TEXT("the factor is missing"), remedy = TEXT("fit it again");
  skops_json json = 0;
  skops_node child = 0;
  skops_value attributes = 0, item = 0;
  scaler* state = NULL;
  void* memory = NULL;
  skops_status status;
  if (host->size < sizeof(skops_host) || host->service(context, limits) == NULL) return SKOPS_PLUGIN;
  status = host->node_field(context, node, content, &json);
  if (status != SKOPS_OK) return status;
  status = host->json_node(context, json, &child);
  if (status != SKOPS_OK) return status;
  status = host->value_of(context, child, &attributes);
  if (status != SKOPS_OK) return status;
  status = host->value_find(context, attributes, factor, &item);
  if (status != SKOPS_OK) return status;
  if (item == 0) return host->fail(context, SKOPS_MALFORMED, code, missing, remedy);
  status = host->allocate(context, sizeof(scaler), &memory);
  if (status != SKOPS_OK) return status;
  state = (scaler*)memory;
  status = host->value_real(context, item, &state->factor);
  if (status != SKOPS_OK) return status;
  return host->make_object(context, &scaler_type, state, value);
}

static skops_status save(const skops_writer* writer, skops_context* context,
                         const skops_object* object, skops_node* node) {
  const skops_string name = TEXT("saved"), json = TEXT("\"by ABI 1.0\"");
  skops_node text = 0;
  skops_status status = writer->origin(context, object, node);
  if (status != SKOPS_OK) return status;
  status = writer->plain(context, json, &text);
  if (status != SKOPS_OK) return status;
  return writer->set_attribute(context, *node, name, text);
}

static const skops_serializer serializer = {
    sizeof(skops_serializer), TEXT("ObjectNode"), TEXT("test"), TEXT("Scaler"), 0, 3, &load, &save};

static const skops_serializer* const serializers[] = {&serializer};

extern SKOPS_EXPORT const skops_plugin skops_plugin_v1;
const skops_plugin skops_plugin_v1 = {
    sizeof(skops_plugin), 1, 0, TEXT("abi_1_0"), TEXT("1.0"),
    TEXT("{\"loaders\": [], \"types\": [{\"trust\": \"opt-in\", \"uses\": [\"object\"], "
         "\"modules\": [\"test\"], \"names\": [\"Scaler\"]}]}"),
    1, serializers};
