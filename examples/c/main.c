/* The same as examples/embed, through the C API: opens a .skops file that nobody vouches for,
 * prints what it would have built, and scores a matrix.
 *
 *   embed_c [--settings FOLDER] MODEL.skops COLUMNS NUMBER...     the numbers row by row
 *
 * The folder is its operator's: plugins/, the lock file plugins.lock.json and policy.json.
 */
#include <skops/skops.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct settings {
  char plugins[4096], lock_file[4096], policy[4096];
} settings;

static int places_in(const char* folder, settings* out) {
  const size_t most = sizeof out->plugins;
  return (size_t)snprintf(out->plugins, most, "%s/plugins", folder) < most &&
         (size_t)snprintf(out->lock_file, most, "%s/plugins.lock.json", folder) < most &&
         (size_t)snprintf(out->policy, most, "%s/policy.json", folder) < most;
}

/* [settings] A runtime reads no folder and no lock file but those that it is told. */
static skops_runtime* runtime_with(const settings* places, skops_error* error) {
  const char* plugins[] = {places->plugins};
  const char* lock_files[] = {places->lock_file};
  const skops_runtime_options options = {.size = sizeof options,
                                         .installed_directories = plugins,
                                         .n_installed_directories = 1,
                                         .lock_files = lock_files,
                                         .n_lock_files = 1};
  return skops_runtime_new(&options, error);
}

/* One line for each plugin that may not run although something pins it, with the remedy. */
static void print_refused(const skops_runtime* runtime) {
  skops_plugins* plugins = skops_runtime_plugins(runtime, SKOPS_PLUGINS_AS_THEY_ARE, NULL);
  for (size_t k = 0; k < skops_plugins_size(plugins); ++k) {
    const skops_plugin_status* plugin = skops_plugins_item(plugins, k);
    if (strcmp(plugin->state, "refused") == 0) {
      printf("%s is refused: %s: %s\n", plugin->id, plugin->text, plugin->remedy);
    }
  }
  skops_plugins_free(plugins);
}
/* [end] */

static void print(const skops_result* y) {
  const size_t size = skops_result_size(y);
  const size_t columns = skops_result_ndim(y) < 2 ? 1 : (size_t)skops_result_shape(y)[1];
  for (size_t k = 0; k < size; ++k) {
    const char end = (k + 1) % columns == 0 ? '\n' : ' ';
    const char* text = skops_result_text(y, k, NULL);
    double number = 0;
    if (text != NULL) {
      printf("%s%c", text, end);
    } else if (skops_result_number(y, k, &number, NULL) == SKOPS_FAMILY_NONE) {
      printf("%.17g%c", number, end);
    }
  }
}

/* Everything that was made is freed on every way out: freeing NULL does nothing. */
static int run(const char* path, const settings* places, const skops_matrix* x) {
  skops_error error;
  skops_audit* audit = NULL;
  skops_model* model = NULL;
  skops_result* y = NULL;
  const char* denied[] = {"sklearn.svm.*"};
  const char* files[] = {places ? places->policy : NULL};
  const skops_policy policy = {.size = sizeof policy,
                               .deny = denied,
                               .n_deny = 1,
                               .files = files,
                               .n_files = places ? 1 : 0};

  skops_runtime* runtime = places ? runtime_with(places, &error) : skops_runtime_new(NULL, &error);
  if (runtime) print_refused(runtime);
  skops_file* file = runtime ? skops_file_open(path, &error) : NULL;
  if (file) audit = skops_audit_new(runtime, file, &policy, &error);
  if (audit) {
    const char* report = skops_audit_report(audit, SKOPS_REPORT_TEXT, &error);
    if (report) fputs(report, stdout);
    model = skops_model_load(runtime, file, &policy, &error);
  }
  if (model) {
    if (*skops_model_unavailable(model)) {
      printf("%s cannot be scored: %s\n", skops_model_type(model), skops_model_unavailable(model));
    }
    for (size_t k = 0; k < skops_model_n_methods(model); ++k) {
      printf("method %s\n", skops_model_method(model, k));
    }
    y = skops_model_call(model, "predict", x, 1, &error);
  }
  if (y) {
    printf("%zu predictions of dtype %s\n", skops_result_size(y), skops_result_dtype(y));
    print(y);
  } else {
    fprintf(stderr, "%s\n", error.message);
  }
  skops_result_free(y);
  skops_model_free(model);
  skops_audit_free(audit);
  skops_file_free(file);
  skops_runtime_free(runtime);
  return error.family;
}

int main(int argc, char** argv) {
  settings places;
  int has_settings = argc > 2 && strcmp(argv[1], "--settings") == 0;
  if (has_settings) {
    if (!places_in(argv[2], &places)) return 2;
    argc -= 2;
    argv += 2;
  }
  if (argc < 4) {
    fprintf(stderr, "usage: embed_c [--settings FOLDER] MODEL.skops COLUMNS NUMBER...\n");
    return 2;
  }
  const size_t size = (size_t)(argc - 3), columns = strtoul(argv[2], NULL, 10);
  double* data = malloc(size * sizeof *data);
  if (data == NULL) return 4;
  for (size_t k = 0; k < size; ++k) data[k] = strtod(argv[3 + k], NULL);
  const skops_matrix x = {
      sizeof x, columns ? size / columns : 0, columns, SKOPS_FLOAT64, 0, data, 0, 0};
  const int status = run(argv[1], has_settings ? &places : NULL, &x);
  free(data);
  return status;
}
