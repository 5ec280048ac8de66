/* The binary boundary between a libskops host and a plugin: one header, C11 and C++11 and later.
 *
 * A plugin is a shared library that exports one constant, `skops_plugin_v1`. The host reads its
 * sizes, versions and id before it calls anything. From then on the plugin is called for the nodes
 * of a file that its serializers claim (`load`), for the methods of the objects that it made
 * (`call`), and to give these objects back (`release`); `save` is the way back to nodes.
 *
 * Rules that hold everywhere here
 *  - Every struct starts with `size`, set by its author to sizeof; structs grow at the end only, in
 *    a new minor version. Read a later field only after SKOPS_HAS(type, pointer, field).
 *  - Ownership: nothing is freed across the boundary. The host owns nodes, values, texts, arrays
 *    and the memory that it hands out; a plugin owns its states and gets each back once, by
 *    `release`.
 *    What a plugin passes in is only read during that call, unless the function says otherwise.
 *  - Threads: a context belongs to one thread at a time; several contexts live at once. `call` may
 *    run in any number of threads on one state, which is immutable after `load`.
 *  - Errors: 0 is success. A call that fails has said why through `fail` first and returns what
 *    `fail` returned. No exception, longjmp, output, abort or exit crosses or happens.
 *  - Handles are numbers that the host checks; 0 is "none".
 *  - Texts are UTF-8, not terminated by NUL.
 *  - Every struct says since which version it is there and whether it stays. So do members that
 *    came later or differ; the others are as old as their struct.
 */
#ifndef SKOPS_PLUGIN_H
#define SKOPS_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SKOPS_ABI_MAJOR 1u
#define SKOPS_ABI_MINOR 0u

/* Whether the struct at `pointer` is new enough to have `field`. */
#define SKOPS_HAS(type, pointer, field) \
  ((pointer)->size >= offsetof(type, field) + sizeof((pointer)->field))

/* 0, or one of the families below. */
typedef int32_t skops_status;
#define SKOPS_OK 0
#define SKOPS_USAGE 2       /* the caller asked for something that makes no sense */
#define SKOPS_MALFORMED 3   /* the file breaks a rule, or lies */
#define SKOPS_LIMIT 4       /* a limit of this load would be exceeded */
#define SKOPS_UNSUPPORTED 5 /* honest, but this plugin or this model cannot do it */
#define SKOPS_PLUGIN 6      /* the plugin broke a rule of this header */
#define SKOPS_INPUT 7       /* the data given to a method is wrong */

typedef uint64_t skops_node;  /* a node of the approved graph */
typedef uint64_t skops_json;  /* a plain JSON value inside a node */
typedef uint64_t skops_value; /* what a serializer made of a node; the host owns it */

typedef struct skops_context skops_context; /* one load, one save; opaque */

/* Since 1.0, stable. */
typedef struct skops_string {
  const char* data;
  uint64_t size;
} skops_string;

/* Since 1.0, stable. */
typedef struct skops_bytes {
  const unsigned char* data;
  uint64_t size;
} skops_bytes;

/* ---- Arrays ---------------------------------------------------------------------------------- */

struct skops_field;

/* As NumPy's dtype: `kind` is its letter ('b' bool, 'i', 'u', 'f', 'c', 'S' bytes, 'U' UCS-4 text,
 * 'M', 'm', 'V' record, and 'O' for cells, see skops_cell). `swapped` is 1 where the bytes are in
 * the other order than this machine's; only fields of records may be.
 * Since 1.0, stable. */
typedef struct skops_dtype {
  uint64_t size;
  uint32_t kind;
  uint32_t swapped;
  uint64_t itemsize; /* bytes */
  uint64_t n_fields; /* of a record */
  const struct skops_field* const* fields;
} skops_dtype;

/* Since 1.0, stable. */
typedef struct skops_field {
  uint64_t size;
  skops_string name;
  uint64_t offset; /* bytes from the start of the record */
  const skops_dtype* dtype;
} skops_field;

/* `shape` and `strides` (in bytes, may be negative) have `ndim` entries. `data` may be unaligned
 * where it comes from a file.
 * Since 1.0, stable. */
typedef struct skops_array {
  uint64_t size;
  const void* data;
  const skops_dtype* dtype;
  uint64_t ndim;
  const int64_t* shape;
  const int64_t* strides;
} skops_array;

/* One element of an array of Python objects, as far as tables and labels hold them. */
#define SKOPS_CELL_NONE 0u
#define SKOPS_CELL_BOOL 1u
#define SKOPS_CELL_INTEGER 2u
#define SKOPS_CELL_REAL 3u
#define SKOPS_CELL_STRING 4u
#define SKOPS_CELL_OTHER 5u   /* anything else; carries nothing */
#define SKOPS_CELL_MISSING 6u /* pandas.NA */
/* Since 1.0, stable. */
typedef struct skops_cell {
  uint64_t kind;
  union {
    int64_t integer; /* and bool, 0 or 1 */
    double real;
    skops_string string;
  } as;
} skops_cell;

/* Compressed sparse rows: `data` has nnz entries, `indices` nnz (int32 or int64), `indptr` rows + 1
 * (the same type as indices). Indices are in range; they may be unsorted or repeated in inputs.
 * Since 1.0, stable. */
typedef struct skops_csr {
  uint64_t size;
  uint64_t rows;
  uint64_t columns;
  const skops_array* data;
  const skops_array* indices;
  const skops_array* indptr;
} skops_csr;

/* ---- Values: what serializers make, and read of each other ----------------------------------- */

#define SKOPS_VALUE_NONE 1u
#define SKOPS_VALUE_BOOL 2u
#define SKOPS_VALUE_INTEGER 3u     /* fits 64 bits */
#define SKOPS_VALUE_BIG_INTEGER 4u /* text: its decimal digits */
#define SKOPS_VALUE_REAL 5u
#define SKOPS_VALUE_STRING 6u
#define SKOPS_VALUE_BYTES 7u
#define SKOPS_VALUE_LIST 8u
#define SKOPS_VALUE_TUPLE 9u
#define SKOPS_VALUE_SET 10u
#define SKOPS_VALUE_MAPPING 11u
#define SKOPS_VALUE_ARRAY 12u
#define SKOPS_VALUE_SPARSE 13u /* a matrix in CSR form */
#define SKOPS_VALUE_NAME 14u   /* a type or function, audited on its node; never called here */
#define SKOPS_VALUE_OBJECT 15u /* made by a serializer: a table and a state */
#define SKOPS_VALUE_INERT 16u  /* a node that nothing native builds; its attributes can be read */

struct skops_object;
struct skops_sink;
struct skops_call;

/* What an object can do. The address of the table identifies the type within its plugin.
 * Since 1.0, stable. */
typedef struct skops_object_type {
  uint64_t size;
  skops_string name; /* for messages */
  /* Number and names of the methods that this object has, fixed after load. May be null: none. */
  uint64_t (*method_count)(const void* state);
  skops_string (*method_name)(const void* state, uint64_t method);
  /* Runs a method; writes its result into call->sink. Any thread. */
  skops_status (*call)(const void* state, const struct skops_call* call);
  /* Gives the state back; called once, never while `call` runs. */
  void (*release)(void* state);
  /* Units of work (a multiplication or so) that one row costs in the dearest method. Null: 1. */
  uint64_t (*work_per_row)(const void* state);
} skops_object_type;

/* Since 1.0, stable. */
typedef struct skops_object {
  uint64_t size;
  const skops_object_type* type;
  const void* state;
} skops_object;

/* ---- Calling a method ------------------------------------------------------------------------ */

#define SKOPS_INPUT_DENSE 1u /* array: (rows, columns), or (rows,) for labels */
#define SKOPS_INPUT_CSR 2u
#define SKOPS_INPUT_TEXT 3u  /* rows documents */
#define SKOPS_INPUT_TABLE 4u /* columns with names, of any dtypes */

/* A column's `values` are one-dimensional with `rows` entries: any dtype, 'U', or 'O' cells.
 * Since 1.0, stable. */
typedef struct skops_column {
  uint64_t size;
  skops_string name;
  const skops_array* values;
} skops_column;

/* Since 1.0, stable. */
typedef struct skops_input {
  uint64_t size;
  uint32_t kind;
  uint32_t reserved;
  uint64_t rows;
  uint64_t columns;
  const skops_array* array;         /* DENSE */
  const skops_csr* csr;             /* CSR */
  const skops_string* text;         /* TEXT: rows entries */
  const skops_column* const* table; /* TABLE: columns entries */
} skops_input;

/* A keyword argument of the method, for example n_neighbors=3: an integer, real, bool or text.
 * Since 1.0, stable. */
typedef struct skops_option {
  uint64_t size;
  skops_string name;
  skops_cell value;
} skops_option;

/* Since 1.0, stable. */
typedef struct skops_call {
  uint64_t size;
  uint64_t method; /* index below method_count */
  const skops_input* input;
  uint64_t n_options;
  const skops_option* const* options;
  uint64_t threads; /* at most so many; 1 or more */
  const struct skops_sink* sink;
} skops_call;

/* Where results go: one array, one sparse matrix, or a list or tuple of them, in order. Memory that
 * `array` and `bytes` hand out is the host's, is zeroed for dtype 'O', lives until the result is
 * given up, and is aligned to 64 bytes. Texts of 'O' cells must lie in the state, in the input or
 * in memory from `bytes`. Each function returns null or non-zero after it has failed.
 * Since 1.0, stable. */
typedef struct skops_sink {
  uint64_t size;
  void* owner; /* first argument of every function */
  void* (*array)(void* owner, const skops_dtype* dtype, uint64_t ndim, const int64_t* shape);
  /* A CSR matrix with int32 indices: room for `nnz` entries. */
  skops_status (*csr)(void* owner, const skops_dtype* dtype, uint64_t rows, uint64_t columns,
                      uint64_t nnz, void** data, int32_t** indices, int32_t** indptr);
  skops_status (*begin)(void* owner, uint32_t value_kind); /* SKOPS_VALUE_LIST or _TUPLE */
  skops_status (*end)(void* owner);
  void* (*bytes)(void* owner, uint64_t size);
  /* Records the error and returns `family`. */
  skops_status (*fail)(void* owner, skops_status family, skops_string code, skops_string text,
                       skops_string remedy);
} skops_sink;

/* ---- What the host offers while it loads ----------------------------------------------------- */

/* Since 1.0, stable. */
typedef struct skops_host {
  uint64_t size;
  uint32_t abi_major;
  uint32_t abi_minor;
  skops_status (*fail)(skops_context* context, skops_status family, skops_string code,
                       skops_string text, skops_string remedy);

  /* -- Nodes: what the file says. */
  skops_status (*node_names)(skops_context* context, skops_node node, skops_string* loader,
                             skops_string* module, skops_string* name);
  skops_status (*node_protocol)(skops_context* context, skops_node node, uint32_t* protocol);
  /* `field` is dotted ("content.main"); *json is 0 where the node has no such field. */
  skops_status (*node_field)(skops_context* context, skops_node node, skops_string field,
                             skops_json* json);
  /* 'n' null, 'b' bool, 'i' integer, 'I' big integer, 'r' real, 's' string, 'a' array,
   * 'o' object. */
  skops_status (*json_kind)(skops_context* context, skops_json json, uint32_t* kind);
  skops_status (*json_integer)(skops_context* context, skops_json json, int64_t* integer);
  skops_status (*json_real)(skops_context* context, skops_json json, double* real);
  skops_status (*json_text)(skops_context* context, skops_json json, skops_string* text);
  /* Members of an array or object; `json_items` fills as many values (and keys, may be null). */
  skops_status (*json_size)(skops_context* context, skops_json json, uint64_t* size);
  skops_status (*json_items)(skops_context* context, skops_json json, skops_string* keys,
                             skops_json* values, uint64_t size);
  /* The node that a JSON object is, or refers to; 0 where it is none. */
  skops_status (*json_node)(skops_context* context, skops_json json, skops_node* node);
  /* The checked bytes of a member of the archive; they live as long as what is being loaded. */
  skops_status (*member)(skops_context* context, skops_string name, skops_bytes* bytes);
  /* The same for a member of an archive that is itself a member (.npz). *bytes has data == null
   * where the inner archive has no such member. */
  skops_status (*inner_member)(skops_context* context, skops_string name, skops_string inner,
                               skops_bytes* bytes);
  /* Memory that lives as long as what is being loaded, charged to its budget, 64-byte aligned. */
  skops_status (*allocate)(skops_context* context, uint64_t size, void** memory);
  /* Charges `size` bytes that the plugin is about to allocate by itself. */
  skops_status (*charge)(skops_context* context, uint64_t size);

  /* -- Making values. Each is the value of the node whose load is running. */
  skops_status (*make_none)(skops_context* context, skops_value* value);
  skops_status (*make_bool)(skops_context* context, uint32_t truth, skops_value* value);
  skops_status (*make_integer)(skops_context* context, int64_t integer, skops_value* value);
  skops_status (*make_real)(skops_context* context, double real, skops_value* value);
  skops_status (*make_string)(skops_context* context, skops_string text, skops_value* value);
  skops_status (*make_bytes)(skops_context* context, skops_bytes bytes, skops_value* value);
  /* Whatever the JSON text says, of any depth; the host parses it under its limits. */
  skops_status (*make_json)(skops_context* context, skops_string text, skops_value* value);
  /* `kind` LIST, TUPLE or SET; the items are loaded when somebody asks for them. */
  skops_status (*make_sequence)(skops_context* context, uint32_t kind, const skops_node* items,
                                uint64_t size, skops_value* value);
  /* Keys are values (text, number, bool or none), unique; items are loaded when asked for. */
  skops_status (*make_mapping)(skops_context* context, const skops_value* keys,
                               const skops_node* items, uint64_t size, skops_value* value);
  /* The array is described, not copied: its data must be a member's bytes or from `allocate`. */
  skops_status (*make_array)(skops_context* context, const skops_array* array, skops_value* value);
  skops_status (*make_sparse)(skops_context* context, const skops_csr* csr, skops_value* value);
  /* The name audited on this very node; there is no function from text to name. */
  skops_status (*make_name)(skops_context* context, skops_node node, skops_value* value);
  /* Takes the state over: the host releases it, also when this fails. */
  skops_status (*make_object)(skops_context* context, const skops_object_type* type, void* state,
                              skops_value* value);

  /* -- Reading values. */
  /* The value of a child; loads it once, refuses cycles and nesting beyond the limit. */
  skops_status (*value_of)(skops_context* context, skops_node node, skops_value* value);
  skops_status (*value_kind)(skops_context* context, skops_value value, uint32_t* kind);
  skops_status (*value_integer)(skops_context* context, skops_value value, int64_t* integer);
  skops_status (*value_real)(skops_context* context, skops_value value, double* real);
  /* STRING, BIG_INTEGER: the text. NAME, INERT: "module.name". */
  skops_status (*value_text)(skops_context* context, skops_value value, skops_string* text);
  skops_status (*value_bytes)(skops_context* context, skops_value value, skops_bytes* bytes);
  /* LIST, TUPLE, SET, MAPPING. */
  skops_status (*value_size)(skops_context* context, skops_value value, uint64_t* size);
  skops_status (*value_item)(skops_context* context, skops_value value, uint64_t index,
                             skops_value* item);
  skops_status (*value_key)(skops_context* context, skops_value value, uint64_t index,
                            skops_value* key);
  /* The item of a mapping under a text key; *item is 0 where there is none. */
  skops_status (*value_find)(skops_context* context, skops_value value, skops_string key,
                             skops_value* item);
  /* The attribute of an INERT value or OBJECT: an item of the mapping that is its node's content;
   * 0 where there is none. */
  skops_status (*value_attribute)(skops_context* context, skops_value value, skops_string name,
                                  skops_value* attribute);
  /* The struct and all that it points to live as long as what is being loaded. */
  skops_status (*value_array)(skops_context* context, skops_value value, const skops_array** array);
  skops_status (*value_sparse)(skops_context* context, skops_value value, const skops_csr** csr);
  skops_status (*value_object)(skops_context* context, skops_value value, skops_object* object);
  /* The node that the value was made from; 0 for keys and parts of plain JSON. */
  skops_status (*value_node)(skops_context* context, skops_value value, skops_node* node);
  /* An optional service by its id "skops.<name>/<revision>": a table, or null where unknown. It
   * lives as long as what is being loaded.
   * Since 1.0, stable: a host may know other services. */
  const void* (*service)(skops_context* context, skops_string id);
} skops_host;

/* Service "skops.limits/1": limits of this load that only a plugin can hold, because they are about
 * what it reads inside of members and nodes.
 * Since 1.0, stable: a host may stop to offer it. */
typedef struct skops_limits {
  uint64_t size;
  uint64_t npy_header_bytes; /* of one array's header */
  uint64_t object_cells;     /* of one array of objects; make_array counts them all */
} skops_limits;

/* Service "skops.later/1": checks of an object that may wait until the load ends, so that another
 * thread can do them. Offered while the object of a file's root is being loaded.
 * Since 1.0, stable: a host may stop to offer it. */
typedef struct skops_later {
  uint64_t size;
  /* For an object that the running `load` has made. The host may call `work(state)` once, in
   * another thread; it must not use the host, throw, or fail otherwise than in the state. It calls
   * `finish(host, context, state)` once in the thread of the context, when somebody asks or before
   * the load ends: it does what is not done, waits for what is being done, and reports what was
   * wrong, as `load` would have. Where the load fails before, neither is called any more. `state`
   * lives as long as the object. */
  skops_status (*put_off)(skops_context* context, skops_value object, void (*work)(void* state),
                          skops_status (*finish)(const skops_host* host, skops_context* context,
                                                 void* state),
                          void* state);
  /* Ends what was put off for a value now, if anything was. Before that a plugin must not rely on
   * what it has put off. */
  skops_status (*finish)(skops_context* context, skops_value value);
} skops_later;

/* ---- What the host offers while it saves ----------------------------------------------------- */

/* Nodes are made, then filled; the archive's layout, ids and sharing are the host's. A field is
 * dotted as in node_field.
 * Since 1.0, stable. */
typedef struct skops_writer {
  uint64_t size;
  skops_status (*fail)(skops_context* context, skops_status family, skops_string code,
                       skops_string text, skops_string remedy);
  skops_status (*node)(skops_context* context, skops_string loader, skops_string module,
                       skops_string name, skops_node* node);
  /* A JsonNode of this JSON text. */
  skops_status (*plain)(skops_context* context, skops_string json, skops_node* node);
  /* The node of another object, saved once however often it is asked for. */
  skops_status (*object)(skops_context* context, const skops_object* object, skops_node* node);
  skops_status (*set_json)(skops_context* context, skops_node node, skops_string field,
                           skops_string json);
  skops_status (*set_node)(skops_context* context, skops_node node, skops_string field,
                           skops_node child);
  skops_status (*append_node)(skops_context* context, skops_node node, skops_string field,
                              skops_node child);
  skops_status (*put_node)(skops_context* context, skops_node node, skops_string field,
                           skops_string key, skops_node child);
  /* A member of the archive with these bytes (copied); the field gets its name. */
  skops_status (*set_member)(skops_context* context, skops_node node, skops_string field,
                             skops_string suffix, skops_bytes bytes);

  /* -- Arrays, and objects that were loaded. */
  /* An array as NumPy's: numbers, texts ('U', 'S'), records, or 'O' cells; any shape and strides.
   * One without dimensions is a NumPy scalar where `scalar` is not 0. */
  skops_status (*array)(skops_context* context, const skops_array* array, uint32_t scalar,
                        skops_node* node);
  /* The node that the object was loaded from, with all that its file says of it; what is below it
   * goes through its own serializers. *node is 0 where the object comes from no file. To be called
   * from the `save` of this object, once; attributes may be added to the node. */
  skops_status (*origin)(skops_context* context, const skops_object* object, skops_node* node);
  /* Attributes are the items of the dict that is the node's content. Both are for nodes from
   * `origin` and for those whose content is set by nothing else. *has is 0 or 1; *json is the JSON
   * text of one that is plain data and was there from the origin, and empty otherwise. */
  skops_status (*find_attribute)(skops_context* context, skops_node node, skops_string name,
                                 uint32_t* has, skops_string* json);
  skops_status (*set_attribute)(skops_context* context, skops_node node, skops_string name,
                                skops_node value);
} skops_writer;

/* ---- What a plugin is ------------------------------------------------------------------------ */

/* One way between nodes and objects. It claims the nodes with this loader and, where `module` and
 * `name` are not empty, exactly this class.
 * Since 1.0, stable. */
typedef struct skops_serializer {
  uint64_t size;
  skops_string loader;
  skops_string module;
  skops_string name;
  uint32_t protocol_from; /* of the file, both included */
  uint32_t protocol_to;
  /* Makes the value of `node` with one of the make_ functions. */
  skops_status (*load)(const skops_host* host, skops_context* context, skops_node node,
                       skops_value* value);
  /* Makes the node of an object of this plugin. Null: such objects cannot be saved. */
  skops_status (*save)(const skops_writer* writer, skops_context* context,
                       const skops_object* object, skops_node* node);
} skops_serializer;

/* Since 1.0, stable. */
typedef struct skops_plugin {
  uint64_t size;
  uint32_t abi_major;
  uint32_t abi_minor;
  skops_string id;
  skops_string version;
  /* JSON: the loaders and types that the plugin declares; the manifest repeats them. */
  skops_string declarations;
  uint64_t n_serializers;
  const skops_serializer* const* serializers;
} skops_plugin;

/* The entry point: `extern const skops_plugin skops_plugin_v1`, with default visibility. */
#if defined(__GNUC__)
#define SKOPS_EXPORT __attribute__((visibility("default")))
#else
#define SKOPS_EXPORT
#endif

#ifdef __cplusplus
}
#endif

#endif /* SKOPS_PLUGIN_H */
