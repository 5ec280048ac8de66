/* The C API: what <skops/skops.hpp> offers, for C and for every language that can call C.
 *
 *   skops_error error;
 *   skops_runtime* runtime = skops_runtime_new(NULL, &error);
 *   skops_file* file = skops_file_open("model.skops", &error);
 *   skops_model* model = skops_model_load(runtime, file, NULL, &error);
 *   skops_matrix x = {sizeof x, rows, columns, SKOPS_FLOAT64, 0, data, 0, 0};
 *   skops_result* y = skops_model_call(model, "predict", &x, 1, &error);
 *
 * Rules that hold everywhere here
 *  - What `_new`, `_open`, `_load`, `_call` and their like return belongs to the caller, who gives
 *    it back to the `_free` of its type; NULL means failure, and freeing NULL does nothing. The
 *    order is free: a model keeps what it needs of its file and runtime, a result what it needs of
 *    its model.
 *  - Every function that takes a `skops_error*` fills it: family 0 after success. It may be NULL.
 *    Nothing else reports; nothing is printed; no exception leaves.
 *  - Texts are UTF-8 and end with NUL. Those of an error and of a report are safe to print; others
 *    that come from a file may hold anything.
 *  - Structs begin with their size, as the side that fills them was compiled; later versions add
 *    fields at the end. Fields that a caller leaves out must be zero, as initializers make them;
 *    zero and NULL mean what was meant before there was such a field.
 *  - Nothing is read but what the caller names: no folder, no lock file, no policy file, and never
 *    an environment variable.
 *  - Every function and struct says since which version of libskops it is there and whether it
 *    stays; docs/plugins/stability.md says what that promises.
 *  - Threads: a runtime and a model may be used from any number of threads at once; a file, an
 *    audit and a result by one at a time.
 *
 * Link `libskops::c` (a shared library that exports nothing else) or, with a C++ linker, the static
 * `libskops::skops`. C11 and C++11 and later.
 */
#ifndef SKOPS_SKOPS_H
#define SKOPS_SKOPS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SKOPS_API __attribute__((visibility("default")))
#else
#define SKOPS_API
#endif

/* ---- Errors --------------------------------------------------------------------------------- */

/* Families, as the exit statuses of the command. */
#define SKOPS_FAMILY_NONE 0
#define SKOPS_FAMILY_UNTRUSTED 1   /* a name needs a decision, or a rule denies it */
#define SKOPS_FAMILY_USAGE 2       /* the caller asked for something that makes no sense */
#define SKOPS_FAMILY_MALFORMED 3   /* the file breaks a rule of the format, or lies */
#define SKOPS_FAMILY_LIMIT 4       /* a limit would be exceeded */
#define SKOPS_FAMILY_UNSUPPORTED 5 /* honest, but this build or this model cannot do it */
#define SKOPS_FAMILY_PLUGIN 6      /* a plugin is missing, refused or broken */
#define SKOPS_FAMILY_INPUT 7       /* the data given to a method, or a file that cannot be read */

/* By value: nothing to free. Texts that do not fit are cut at a character.
 * Since 0.1, stable: callers hold it by value, so it does not grow. */
typedef struct skops_error {
  int32_t family;
  char code[60];      /* stable: "archive.duplicate-name"; docs/errors.md lists them */
  char member[128];   /* the archive's member, or empty */
  char path[320];     /* where in the object, or empty */
  char plugin[64];    /* the plugin, or empty */
  char message[1472]; /* one printable line: what, where, what to do, the code */
} skops_error;

/* ---- Runtime: which plugins may run in this process ----------------------------------------- */

typedef struct skops_runtime skops_runtime; /* skops::Host */

/* A plugin by content: SHA-256 of its manifest and of the library beside it, 64 lower-case digits;
 * `library_sha256` is NULL for a manifest alone.
 * Since 0.1, stable. */
typedef struct skops_plugin_pin {
  size_t size;
  const char* manifest; /* path of the .skops-plugin.json */
  const char* manifest_sha256;
  const char* library_sha256;
  uint32_t accept_proposals; /* 1: the types that the manifest proposes to trust need no rule */
  uint32_t describes_only;   /* 1: the names alone; its native code is not let in */
} skops_plugin_pin;

/* What may run at all. */
#define SKOPS_PLUGINS_PINNED 0u      /* what the build, the caller or a lock file pins */
#define SKOPS_PLUGINS_STATIC_ONLY 1u /* what the build pins; naming more is an error (USAGE) */
/* And all of the installed directories whose library is the one of its manifest: for folders that
 * only the operator of the host can write. */
#define SKOPS_PLUGINS_DIRECTORY 2u

/* Since 0.1, stable. */
typedef struct skops_runtime_options {
  size_t size;
  const char* const* plugin_directories; /* of the plugins pinned by the build */
  size_t n_plugin_directories;
  const skops_plugin_pin* const* plugins; /* further ones, pinned by value */
  size_t n_plugins;
  const char* const* installed_directories; /* of installed ones; being there enables nothing */
  size_t n_installed_directories;
  const char* const* lock_files; /* that pin installed ones; the first that names an id decides */
  size_t n_lock_files;
  const char* const* exclude; /* ids of plugins, of the build's too, to do without */
  size_t n_exclude;
  uint32_t policy; /* SKOPS_PLUGINS_PINNED, _STATIC_ONLY or _DIRECTORY */
  /* 1: after those named here, the directories and lock files of the user of this process and of
   * the system, as the command goes by them. */
  uint32_t user_settings;
} skops_runtime_options;

/* `options` may be NULL. Opens no file; lock files and plugins are read when a file or a report
 * first needs a plugin, and once. A plugin that is refused is a row of skops_runtime_plugins and
 * stops nothing else.
 * Since 0.1, stable. */
SKOPS_API skops_runtime* skops_runtime_new(const skops_runtime_options* options,
                                           skops_error* error);
/* Since 0.1, stable. */
SKOPS_API void skops_runtime_free(skops_runtime* runtime);

/* One plugin. No text is NULL; those that do not apply are empty. They belong to skops_plugins.
 * Since 0.1, provisional: fields may be renamed. */
typedef struct skops_plugin_status {
  size_t size;
  const char* id; /* the file's name where no manifest could be read */
  const char* version;
  /* "pinned", "loaded", "refused", "excluded", "manifest only", or "not enabled": it is installed,
   * and nothing pins it. */
  const char* state;
  const char* code; /* why it was refused; docs/errors.md lists the codes */
  const char* text; /* the same as a sentence */
  const char* remedy;
  const char* library; /* file that was or would be mapped */
  const char* manifest;
  const char* pinned_by;  /* "build", "host", or the lock file */
  const char* enabled_by; /* as the lock file says */
  const char* enabled_at;
  uint32_t accept_proposals;
  uint32_t reserved;
} skops_plugin_status;

typedef struct skops_plugins skops_plugins; /* the report on all of them */

/* What is done before the report. */
#define SKOPS_PLUGINS_AS_THEY_ARE 0u /* libraries are read and compared; nothing is mapped */
#define SKOPS_PLUGINS_VERIFY 1u      /* and manifests and lock files anew, whatever was read before */
#define SKOPS_PLUGINS_LOAD 2u        /* every pinned one is mapped, as a file that needs it would */

/* The report, after what `after` names has been done.
 * Since 0.1, provisional: there may be other things to do before. */
SKOPS_API skops_plugins* skops_runtime_plugins(const skops_runtime* runtime, uint32_t after,
                                               skops_error* error);
/* Since 0.1, provisional: as skops_runtime_plugins. */
SKOPS_API size_t skops_plugins_size(const skops_plugins* plugins);
/* Belongs to `plugins`; NULL beyond its end. Its `size` says which fields this library knows.
 * Since 0.1, provisional: as skops_runtime_plugins. */
SKOPS_API const skops_plugin_status* skops_plugins_item(const skops_plugins* plugins, size_t index);
/* Since 0.1, provisional: as skops_runtime_plugins. */
SKOPS_API void skops_plugins_free(skops_plugins* plugins);

/* ---- Files ---------------------------------------------------------------------------------- */

typedef struct skops_file skops_file; /* skops::File */

/* Maps the file, which must not be changed while anything made from it lives. Since 0.1, stable. */
SKOPS_API skops_file* skops_file_open(const char* path, skops_error* error);
/* Copies nothing: the bytes must live as long as every model made from the file.
 * Since 0.1, stable. */
SKOPS_API skops_file* skops_file_from_memory(const void* bytes, size_t size, skops_error* error);
/* Since 0.1, stable. */
SKOPS_API void skops_file_free(skops_file* file);

/* ---- Trust: which names may be built -------------------------------------------------------- */

/* Rules are names of libraries, types ("sklearn.svm._classes.SVC") or prefixes
 * ("mycompany.models.*"). Those of all places are one set, in which deny beats allow.
 * Files are read anew by each call that takes the policy; one that is missing, malformed, or that
 * others could have written is an error of that call, with file, line and column.
 * Since 0.1, stable. */
typedef struct skops_policy {
  size_t size;
  const char* const* trust;
  size_t n_trust;
  const char* const* deny;
  size_t n_deny;
  const char* const* files; /* policy files (docs/trust.md) */
  size_t n_files;
  /* 1: also the policy files of the system, of the user of this process, and of the projects at or
   * above the working directory that this user has adopted, as the command goes by them. */
  uint32_t user_settings;
  uint32_t reserved;
} skops_policy;

typedef struct skops_audit skops_audit; /* skops::Audit */

/* `policy` may be NULL: the defaults. Runs no plugin code. Since 0.1, stable. */
SKOPS_API skops_audit* skops_audit_new(const skops_runtime* runtime, const skops_file* file,
                                       const skops_policy* policy, skops_error* error);
/* 1 where every name is allowed and nothing else speaks against building the objects, else 0.
 * Since 0.1, stable. */
SKOPS_API int32_t skops_audit_ok(const skops_audit* audit);
/* The names that are not allowed, sorted; they belong to the audit. Since 0.1, stable. */
SKOPS_API size_t skops_audit_n_untrusted(const skops_audit* audit);
/* Since 0.1, stable. */
SKOPS_API const char* skops_audit_untrusted(const skops_audit* audit, size_t index);

#define SKOPS_REPORT_TEXT 0  /* for people */
#define SKOPS_REPORT_JSON 1  /* for programs */
#define SKOPS_REPORT_SARIF 2 /* 2.1.0, for code scanning */
#define SKOPS_REPORT_HTML 3  /* a whole page without scripts, for browsers */

/* Belongs to the audit.
 * Since 0.1, stable: the words of text and page may change, JSON and SARIF may gain keys. */
SKOPS_API const char* skops_audit_report(skops_audit* audit, int32_t format, skops_error* error);
/* Since 0.1, stable. */
SKOPS_API void skops_audit_free(skops_audit* audit);

/* ---- Models --------------------------------------------------------------------------------- */

typedef struct skops_model skops_model;   /* skops::Model */
typedef struct skops_result skops_result; /* skops::Result */

/* A native load: names that nothing native builds stay data. Fails with family UNTRUSTED where a
 * rule of `policy` (may be NULL) denies a name.
 * Since 0.1, stable. */
SKOPS_API skops_model* skops_model_load(const skops_runtime* runtime, const skops_file* file,
                                        const skops_policy* policy, skops_error* error);
/* Since 0.1, stable. */
SKOPS_API void skops_model_free(skops_model* model);
/* "module.Class" of the object. Texts belong to the model. Since 0.1, stable. */
SKOPS_API const char* skops_model_type(const skops_model* model);
/* Since 0.1, stable. */
SKOPS_API size_t skops_model_n_methods(const skops_model* model);
/* Since 0.1, stable. */
SKOPS_API const char* skops_model_method(const skops_model* model, size_t index);
/* Why there are no methods, where a step has no native code; otherwise empty.
 * Since 0.1, stable: the words may change. */
SKOPS_API const char* skops_model_unavailable(const skops_model* model);

#define SKOPS_FLOAT64 1u
#define SKOPS_FLOAT32 2u

/* Strides are in bytes and may be negative; both 0: rows one after the other. Since 0.1, stable. */
typedef struct skops_matrix {
  size_t size;
  uint64_t rows;
  uint64_t columns;
  uint32_t type; /* SKOPS_FLOAT64 or SKOPS_FLOAT32 */
  uint32_t reserved;
  const void* data;
  int64_t row_stride;
  int64_t column_stride;
} skops_matrix;

/* `method` by its scikit-learn name; at most `threads` threads (0 counts as 1).
 * Since 0.1, stable. */
SKOPS_API skops_result* skops_model_call(const skops_model* model, const char* method,
                                         const skops_matrix* x, uint32_t threads,
                                         skops_error* error);
/* The same for documents. Elements of the result may refer to them: keep them as long.
 * Since 0.1, stable. */
SKOPS_API skops_result* skops_model_call_text(const skops_model* model, const char* method,
                                              const char* const* documents, size_t n_documents,
                                              uint32_t threads, skops_error* error);

/* ---- Results: an array, a sparse matrix, or a list or tuple of results ---------------------- */

#define SKOPS_RESULT_ARRAY 1u
#define SKOPS_RESULT_CSR 2u /* its items: data, indices and indptr, arrays each */
#define SKOPS_RESULT_LIST 3u
#define SKOPS_RESULT_TUPLE 4u

/* Since 0.1, stable. */
SKOPS_API uint32_t skops_result_kind(const skops_result* result);
/* Since 0.1, stable. */
SKOPS_API size_t skops_result_n_items(const skops_result* result);
/* Belongs to `result`; NULL beyond its end. Since 0.1, stable. */
SKOPS_API const skops_result* skops_result_item(const skops_result* result, size_t index);
/* Of an array or a sparse matrix: extents. The pointer belongs to the result. Since 0.1, stable. */
SKOPS_API size_t skops_result_ndim(const skops_result* result);
/* Since 0.1, stable. */
SKOPS_API const int64_t* skops_result_shape(const skops_result* result);
/* Of an array: NumPy's name of the dtype ("float64", "int64", "<U5", "object"), the elements in C
 * order (NULL for "object"), and how many they are. All belong to the result.
 * Since 0.1, stable. */
SKOPS_API const char* skops_result_dtype(const skops_result* result);
/* Since 0.1, stable. */
SKOPS_API const void* skops_result_data(const skops_result* result);
/* Since 0.1, stable. */
SKOPS_API size_t skops_result_size(const skops_result* result);
/* One element as a number; SKOPS_FAMILY_USAGE where it is none. Returns the family.
 * Since 0.1, stable. */
SKOPS_API int32_t skops_result_number(const skops_result* result, size_t index, double* number,
                                      skops_error* error);
/* One element as text, valid until the next call with this result; NULL where it is none.
 * Since 0.1, stable. */
SKOPS_API const char* skops_result_text(const skops_result* result, size_t index,
                                        skops_error* error);
/* Since 0.1, stable. */
SKOPS_API void skops_result_free(skops_result* result);

#ifdef __cplusplus
}
#endif

#endif /* SKOPS_SKOPS_H */
