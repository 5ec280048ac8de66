/* The same as examples/embed, through the C API: opens a .skops file that nobody vouches for,
 * prints what it would have built, and scores a matrix.
 *
 *   embed_c MODEL.skops COLUMNS NUMBER...     the numbers row by row
 */
#include <skops/skops.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
static int run(const char* path, const skops_matrix* x) {
  skops_error error;
  skops_audit* audit = NULL;
  skops_model* model = NULL;
  skops_result* y = NULL;
  const char* denied[] = {"sklearn.svm.*"};
  const skops_policy policy = {sizeof policy, NULL, 0, denied, 1};

  skops_runtime* runtime = skops_runtime_new(NULL, &error);
  skops_file* file = runtime ? skops_file_open(path, &error) : NULL;
  if (file) audit = skops_audit_new(runtime, file, &policy, &error);
  if (audit) {
    const char* report = skops_audit_report(audit, 0, &error);
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
  if (argc < 4) {
    fprintf(stderr, "usage: embed_c MODEL.skops COLUMNS NUMBER...\n");
    return 2;
  }
  const size_t size = (size_t)(argc - 3), columns = strtoul(argv[2], NULL, 10);
  double* data = malloc(size * sizeof *data);
  if (data == NULL) return 4;
  for (size_t k = 0; k < size; ++k) data[k] = strtod(argv[3 + k], NULL);
  const skops_matrix x = {
      sizeof x, columns ? size / columns : 0, columns, SKOPS_FLOAT64, 0, data, 0, 0};
  const int status = run(argv[1], &x);
  free(data);
  return status;
}
