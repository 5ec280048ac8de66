// The C API through the shared library: what examples/c does not show. Everything is freed in an
// order that would hurt if one object leaned on another.
#define BOOST_TEST_MODULE capi
#include <skops/skops.h>

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "unit/capi/owned.hpp"

namespace {

std::string path_of(const std::string& name) {
  return std::string(SKOPS_TEST_DATA) + "/data/sk19/" + name + "/model.skops";
}

// A host as C programs far from the build folder make it.
Runtime make_runtime() {
  const char* folder = SKOPS_BUILD "/plugins";
  skops_runtime_options options{};
  options.size = sizeof options;
  options.plugin_directories = &folder;
  options.n_plugin_directories = 1;
  skops_error error;
  Runtime out(skops_runtime_new(&options, &error));
  BOOST_TEST_REQUIRE(error.family == SKOPS_FAMILY_NONE);
  return out;
}

Model load(const std::string& name, const skops_policy* policy = nullptr) {
  skops_error error;
  const Runtime runtime = make_runtime();
  const File file(skops_file_open(path_of(name).c_str(), &error));
  Model model(skops_model_load(runtime.get(), file.get(), policy, &error));
  BOOST_TEST_REQUIRE(model, error.message);
  return model;  // the runtime and the file are gone
}

skops_matrix matrix(const std::vector<double>& x, std::uint64_t rows, std::uint64_t columns) {
  return {sizeof(skops_matrix), rows, columns, SKOPS_FLOAT64, 0, x.data(), 0, 0};
}

std::string code_of(const skops_error& error) {
  return error.code;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_result_outlives_all) {
  Result y;
  {
    const Model model = load("LogisticRegression-object-labels");
    const std::vector<double> x(10, 0.25);
    const skops_matrix view = matrix(x, 2, 5);
    skops_error error;
    y.reset(skops_model_call(model.get(), "predict", &view, 1, &error));
    BOOST_TEST_REQUIRE(y, error.message);
  }
  BOOST_TEST(std::string(skops_result_dtype(y.get())) == "object");
  BOOST_TEST(skops_result_data(y.get()) == nullptr);
  BOOST_TEST(skops_result_size(y.get()) == 2u);
  skops_error error;
  const char* text = skops_result_text(y.get(), 1, &error);
  BOOST_TEST_REQUIRE(text, error.message);
  BOOST_TEST(std::strlen(text) > 0u);
}

BOOST_AUTO_TEST_CASE(strides_and_float32) {
  const Model model = load("LogisticRegression-three");
  const std::vector<double> rows = {1, 2, 3, 4, 5, 5, 4, 3, 2, 1};
  const std::vector<float> columns = {1, 5, 2, 4, 3, 3, 4, 2, 5, 1};  // by column
  const skops_matrix a = matrix(rows, 2, 5),
                     b = {sizeof b, 2, 5, SKOPS_FLOAT32, 0, columns.data(), 4, 8};
  skops_error error;
  const Result p(skops_model_call(model.get(), "decision_function", &a, 0, &error));
  BOOST_TEST_REQUIRE(p, error.message);
  const Result q(skops_model_call(model.get(), "decision_function", &b, 1, &error));
  BOOST_TEST_REQUIRE(q, error.message);
  BOOST_TEST(skops_result_ndim(p.get()) == 2u);
  BOOST_TEST(skops_result_shape(p.get())[1] == 3);
  for (std::size_t k = 0; k < 6; ++k) {
    double one = 0, other = 0;
    BOOST_TEST(skops_result_number(p.get(), k, &one, nullptr) == SKOPS_FAMILY_NONE);
    BOOST_TEST(skops_result_number(q.get(), k, &other, nullptr) == SKOPS_FAMILY_NONE);
    BOOST_TEST(one == other, boost::test_tools::tolerance(1e-5));
  }
}

BOOST_AUTO_TEST_CASE(documents_to_a_sparse_matrix) {
  const Model model = load("TfidfVectorizer-default");
  const char* documents[] = {"the quick brown fox", "", "the dog"};
  skops_error error;
  const Result y(skops_model_call_text(model.get(), "transform", documents, 3, 1, &error));
  BOOST_TEST_REQUIRE(y, error.message);
  BOOST_TEST(skops_result_kind(y.get()) == SKOPS_RESULT_CSR);
  BOOST_TEST(skops_result_shape(y.get())[0] == 3);
  BOOST_TEST_REQUIRE(skops_result_n_items(y.get()) == 3u);
  const skops_result* indptr = skops_result_item(y.get(), 2);
  BOOST_TEST(std::string(skops_result_dtype(indptr)) == "int32");
  BOOST_TEST(skops_result_size(indptr) == 4u);
  BOOST_TEST(skops_result_item(y.get(), 3) == nullptr);
  double number = 0;
  BOOST_TEST(skops_result_number(y.get(), 0, &number, &error) == SKOPS_FAMILY_USAGE);
  BOOST_TEST(code_of(error) == "usage.result");
}

BOOST_AUTO_TEST_CASE(several_outputs) {
  const Model model = load("KNeighborsClassifier-two-outputs");
  const std::vector<double> x(5, 0.5);
  const skops_matrix view = matrix(x, 1, 5);
  skops_error error;
  const Result y(skops_model_call(model.get(), "predict_proba", &view, 1, &error));
  BOOST_TEST_REQUIRE(y, error.message);
  BOOST_TEST(skops_result_kind(y.get()) == SKOPS_RESULT_LIST);
  BOOST_TEST(skops_result_n_items(y.get()) == 2u);
  BOOST_TEST(skops_result_size(skops_result_item(y.get(), 0)) > 0u);
}

BOOST_AUTO_TEST_CASE(from_memory) {
  std::ifstream in(path_of("LinearRegression-default"), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  skops_error error;
  const Runtime runtime = make_runtime();
  const File file(skops_file_from_memory(bytes.data(), bytes.size(), &error));
  const Model model(skops_model_load(runtime.get(), file.get(), nullptr, &error));
  BOOST_TEST_REQUIRE(model, error.message);
  BOOST_TEST(std::string(skops_model_type(model.get())) ==
             "sklearn.linear_model._base.LinearRegression");
  BOOST_TEST(std::string(skops_model_method(model.get(), 0)) == "predict");
  BOOST_TEST(skops_model_method(model.get(), 1) == nullptr);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, bytes.size() - 1}) {
    const File cut(skops_file_from_memory(bytes.data(), size, &error));
    BOOST_TEST(!cut);
    BOOST_TEST(error.family == SKOPS_FAMILY_MALFORMED);
    BOOST_TEST(std::strlen(error.message) > 0u);
  }
}

BOOST_AUTO_TEST_CASE(trust) {
  skops_error error;
  const Runtime runtime = make_runtime();
  const File file(skops_file_open(path_of("SVC-rbf").c_str(), &error));
  Audit audit(skops_audit_new(runtime.get(), file.get(), nullptr, &error));
  BOOST_TEST_REQUIRE(audit, error.message);
  BOOST_TEST(skops_audit_ok(audit.get()) == 1);
  BOOST_TEST(skops_audit_n_untrusted(audit.get()) == 0u);

  const char* deny[] = {"sklearn.svm.*"};
  skops_policy policy{};
  policy.size = sizeof policy;
  policy.deny = deny;
  policy.n_deny = 1;
  audit.reset(skops_audit_new(runtime.get(), file.get(), &policy, &error));
  BOOST_TEST(skops_audit_ok(audit.get()) == 0);
  BOOST_TEST_REQUIRE(skops_audit_n_untrusted(audit.get()) == 1u);
  BOOST_TEST(std::string(skops_audit_untrusted(audit.get(), 0)) == "sklearn.svm._classes.SVC");
  BOOST_TEST(skops_audit_untrusted(audit.get(), 1) == nullptr);
  const std::string json = skops_audit_report(audit.get(), 1, &error);
  BOOST_TEST(json.front() == '{');
  const Model model(skops_model_load(runtime.get(), file.get(), &policy, &error));
  BOOST_TEST(!model);
  BOOST_TEST(code_of(error) == "trust.denied");
  BOOST_TEST(error.family == SKOPS_FAMILY_UNTRUSTED);

  const char* nonsense[] = {"*"};
  skops_policy bad{};
  bad.size = sizeof bad;
  bad.trust = nonsense;
  bad.n_trust = 1;
  BOOST_TEST(!skops_audit_new(runtime.get(), file.get(), &bad, &error));
  BOOST_TEST(code_of(error) == "policy.bad-rule");
}

// A struct of an older version is shorter: what it lacks counts as zero.
BOOST_AUTO_TEST_CASE(a_shorter_struct) {
  skops_error error;
  const Runtime runtime = make_runtime();
  const File file(skops_file_open(path_of("SVC-rbf").c_str(), &error));
  const char* names[] = {"sklearn.svm.*"};
  skops_policy without_deny{};
  without_deny.size = offsetof(skops_policy, deny);
  without_deny.deny = names;
  without_deny.n_deny = 1;
  BOOST_TEST(Model(skops_model_load(runtime.get(), file.get(), &without_deny, &error)),
             error.message);
}

BOOST_AUTO_TEST_CASE(null_is_an_error_or_nothing) {
  skops_error error;
  const auto is_null = [&] {
    return code_of(error) == "usage.null" && error.family == SKOPS_FAMILY_USAGE;
  };
  BOOST_TEST(!skops_file_open(nullptr, &error));
  BOOST_TEST(is_null());
  BOOST_TEST(!skops_file_from_memory(nullptr, 1, &error));
  BOOST_TEST(is_null());
  BOOST_TEST(!skops_audit_new(nullptr, nullptr, nullptr, &error));
  BOOST_TEST(is_null());
  BOOST_TEST(!skops_audit_report(nullptr, 0, &error));
  BOOST_TEST(is_null());
  BOOST_TEST(!skops_model_load(make_runtime().get(), nullptr, nullptr, &error));
  BOOST_TEST(is_null());
  const Model model = load("LinearRegression-default");
  BOOST_TEST(!skops_model_call(model.get(), "predict", nullptr, 1, &error));
  BOOST_TEST(is_null());
  const skops_matrix empty = {sizeof empty, 2, 5, SKOPS_FLOAT64, 0, nullptr, 0, 0};
  BOOST_TEST(!skops_model_call(model.get(), "predict", &empty, 1, &error));
  BOOST_TEST(is_null());
  BOOST_TEST(!skops_model_call(model.get(), nullptr, &empty, 1, &error));
  BOOST_TEST(is_null());
  const char* documents[] = {nullptr};
  BOOST_TEST(!skops_model_call_text(model.get(), "predict", documents, 1, 1, &error));
  BOOST_TEST(is_null());
  BOOST_TEST(skops_result_number(nullptr, 0, nullptr, &error) == SKOPS_FAMILY_USAGE);
  BOOST_TEST(!skops_result_text(nullptr, 0, &error));
  BOOST_TEST(is_null());
  BOOST_TEST(!skops_file_open("nowhere", nullptr));
  BOOST_TEST(skops_audit_n_untrusted(nullptr) + skops_model_n_methods(nullptr) +
                 skops_result_n_items(nullptr) + skops_result_size(nullptr) ==
             0u);
  BOOST_TEST(std::string(skops_model_type(nullptr)) + skops_result_dtype(nullptr) == "");
  skops_runtime_free(nullptr);
  skops_file_free(nullptr);
  skops_audit_free(nullptr);
  skops_model_free(nullptr);
  skops_result_free(nullptr);
}

BOOST_AUTO_TEST_CASE(wrong_matrices) {
  const Model model = load("LinearRegression-default");
  const std::vector<double> x(10);
  skops_error error;
  const auto code = [&](skops_matrix view) {
    BOOST_TEST(!Result(skops_model_call(model.get(), "predict", &view, 1, &error)));
    return code_of(error);
  };
  BOOST_TEST(code(matrix(x, 5, 2)) == "input.invalid");
  BOOST_TEST(std::string(error.plugin) == "sklearn");
  BOOST_TEST(code(matrix(x, 0, 5)) == "input.invalid");
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  for (const auto& [rows, columns] : {std::pair(most, std::uint64_t{5}),
                                      {2, most},
                                      {most, most},
                                      {std::uint64_t{1} << 33, std::uint64_t{1} << 33}}) {
    BOOST_TEST(code(matrix(x, rows, columns)) == "usage.shape");
    BOOST_TEST(std::string(error.plugin) == "");  // no plugin was asked
  }
  skops_matrix odd = matrix(x, 2, 5);
  odd.type = 7;
  BOOST_TEST(code(odd) == "usage.type");
  const skops_matrix good = matrix(x, 2, 5);
  const Result y(skops_model_call(model.get(), "predict", &good, 1, &error));
  BOOST_TEST_REQUIRE(y, error.message);
  double number = 0;
  BOOST_TEST(skops_result_number(y.get(), 2, &number, &error) == SKOPS_FAMILY_USAGE);
  BOOST_TEST(code_of(error) == "usage.index");
  BOOST_TEST(!skops_result_text(y.get(), 0, &error));
  BOOST_TEST(code_of(error) == "array.dtype");
}

// Texts that do not fit are cut at a character, and always end.
BOOST_AUTO_TEST_CASE(long_texts_are_cut) {
  std::string path;
  while (path.size() < 3000) path += "\u00e9";
  skops_error error;
  std::memset(&error, 'x', sizeof error);
  BOOST_TEST(!skops_file_open(path.c_str(), &error));
  const std::string message(error.message, strnlen(error.message, sizeof error.message));
  BOOST_TEST(message.size() < sizeof error.message);
  BOOST_TEST(message.size() + 3 > sizeof error.message);
  const auto last = static_cast<unsigned char>(message.back());
  BOOST_TEST((last < 0x80 || (last & 0xc0) == 0x80));
}

BOOST_AUTO_TEST_CASE(a_plugin_by_content) {
  skops_plugin_pin pin{};
  pin.size = sizeof pin;
  pin.manifest = "/no/such/acme.skops-plugin.json";
  pin.manifest_sha256 = "0000000000000000000000000000000000000000000000000000000000000000";
  const skops_plugin_pin* pins[] = {&pin};
  const char* folder = SKOPS_BUILD "/plugins";
  skops_runtime_options options{};
  options.size = sizeof options;
  options.plugin_directories = &folder;
  options.n_plugin_directories = 1;
  options.plugins = pins;
  options.n_plugins = 1;
  skops_error error;
  // Refused when it is first looked at; the others work.
  const Runtime runtime(skops_runtime_new(&options, &error));
  BOOST_TEST_REQUIRE(runtime, error.message);
  const File file(skops_file_open(path_of("LinearRegression-default").c_str(), &error));
  const Model model(skops_model_load(runtime.get(), file.get(), nullptr, &error));
  BOOST_TEST_REQUIRE(model, error.message);
  BOOST_TEST(skops_model_n_methods(model.get()) == 1u);
}
