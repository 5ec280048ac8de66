// The settings that a C host asks for: installed plugins and lock files, policy files, formats of
// reports. And that callers of the first version, whose structs are shorter, get what they got.
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "unit/capi/owned.hpp"

namespace {

namespace fs = std::filesystem;

// A folder of its own, which is the working directory while it is there.
class Folder {
 public:
  Folder() : before_(fs::current_path()) {
    std::string name = (fs::temp_directory_path() / "skops-capi-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = fs::canonical(name);
    fs::current_path(path_);
  }
  ~Folder() {
    fs::current_path(before_);
    fs::remove_all(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  // Writable for its owner alone, whatever the umask.
  std::string write(const std::string& name, std::string_view text, unsigned mode = 0600) const {
    const fs::path file = path_ / name;
    fs::create_directories(file.parent_path());
    ::chmod(file.parent_path().c_str(), 0700);
    std::ofstream(file) << text;
    BOOST_REQUIRE(::chmod(file.c_str(), mode) == 0);
    return file.string();
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path before_, path_;
};

constexpr const char* manifest =
    R"({"manifest_version": 1, "id": "acme", "version": "1.0", "abi": [1, 0], "library": [],
 "loaders": [], "serializers": [],
 "types": [{"trust": "default", "uses": ["object"], "modules": ["acme"], "names": ["Model"]}]}
)";
constexpr const char* manifest_sha256 =
    "7db52e5f10a0b10c9d329ed04f34ffb3714d7160807eb23eea129fe78558aacc";
const std::string lock_file =
    std::string(R"({"lock_version": 1, "plugins": [{"id": "acme", "manifest_sha256": ")") +
    manifest_sha256 + R"(", "library_sha256": "", "accept_proposals": true, "enabled_by": "ana",)" +
    R"( "enabled_at": "2026-11-26T12:00:00Z"}]})";

// The status of one plugin, or null. It belongs to `plugins`, which are replaced.
const skops_plugin_status* status_of(Plugins& plugins, const skops_runtime_options& options,
                                     std::uint32_t after, std::string_view id) {
  skops_error error;
  const Runtime runtime(skops_runtime_new(&options, &error));
  BOOST_TEST_REQUIRE(runtime, error.message);
  plugins.reset(skops_runtime_plugins(runtime.get(), after, &error));
  BOOST_TEST_REQUIRE(plugins, error.message);
  for (std::size_t k = 0; k < skops_plugins_size(plugins.get()); ++k) {
    const skops_plugin_status* row = skops_plugins_item(plugins.get(), k);
    BOOST_TEST(row->size == sizeof *row);
    if (row->id == id) return row;
  }
  BOOST_TEST(!skops_plugins_item(plugins.get(), skops_plugins_size(plugins.get())));
  return nullptr;
}

const char* plugin_folder = SKOPS_BUILD "/plugins";

skops_runtime_options options_of_build() {
  skops_runtime_options out{};
  out.size = sizeof out;
  out.plugin_directories = &plugin_folder;
  out.n_plugin_directories = 1;
  return out;
}

Runtime make_runtime() {
  const skops_runtime_options options = options_of_build();
  return Runtime(skops_runtime_new(&options, nullptr));
}

File svc() {
  return File(skops_file_open(SKOPS_TEST_DATA "/data/sk19/SVC-rbf/model.skops", nullptr));
}

// The code of the error that an audit with this policy ends in; "" where it does not.
std::string audit_code(const skops_policy& policy, Audit* audit = nullptr) {
  skops_error error;
  const Runtime runtime = make_runtime();
  const File file = svc();
  Audit made(skops_audit_new(runtime.get(), file.get(), &policy, &error));
  BOOST_TEST((made != nullptr) == (error.family == SKOPS_FAMILY_NONE));
  if (audit != nullptr) *audit = std::move(made);
  return error.code;
}

std::string report(const Audit& audit, std::int32_t format) {
  skops_error error;
  const char* text = skops_audit_report(audit.get(), format, &error);
  BOOST_TEST_REQUIRE(text, error.message);
  BOOST_TEST(text == skops_audit_report(audit.get(), format, &error));  // made once
  return text;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(installed_plugins_and_lock_files) {
  const Folder folder;
  folder.write("plugins/acme.skops-plugin.json", manifest);
  const std::string lock = folder.write("plugins.lock.json", lock_file);
  const std::string plugins = folder.path() / "plugins";
  const char* directory = plugins.c_str();
  const char* locks[] = {"/no/such/plugins.lock.json", lock.c_str()};

  Plugins report;
  skops_runtime_options options = options_of_build();
  BOOST_TEST(!status_of(report, options, SKOPS_PLUGINS_AS_THEY_ARE, "acme"));
  options.installed_directories = &directory;
  options.n_installed_directories = 1;
  const skops_plugin_status* row = status_of(report, options, SKOPS_PLUGINS_AS_THEY_ARE, "acme");
  BOOST_TEST_REQUIRE(row);
  BOOST_TEST(std::string(row->state) == "not enabled");
  BOOST_TEST(std::string(row->pinned_by) == "");

  options.lock_files = locks;
  options.n_lock_files = 2;
  row = status_of(report, options, SKOPS_PLUGINS_VERIFY, "acme");
  BOOST_TEST_REQUIRE(row);
  BOOST_TEST(std::string(row->state) + row->code == "manifest only");
  BOOST_TEST(std::string(row->version) == "1.0");
  BOOST_TEST(std::string(row->manifest) == plugins + "/acme.skops-plugin.json");
  BOOST_TEST(std::string(row->pinned_by) == lock);
  BOOST_TEST(std::string(row->enabled_by) + row->enabled_at == "ana2026-11-26T12:00:00Z");
  BOOST_TEST(row->accept_proposals == 1u);
  BOOST_TEST(std::string(row->library) + row->text + row->remedy == "");

  folder.write("plugins/acme.skops-plugin.json", std::string(manifest) + " ");
  row = status_of(report, options, SKOPS_PLUGINS_AS_THEY_ARE, "acme");
  BOOST_TEST_REQUIRE(row);
  BOOST_TEST(std::string(row->state) + ", " + row->code == "refused, policy.manifest-changed");
  BOOST_TEST(holds(row->text, manifest_sha256));
  BOOST_TEST(std::string(row->remedy) != "");

  // The folder itself decides.
  options.n_lock_files = 0;
  options.policy = SKOPS_PLUGINS_DIRECTORY;
  row = status_of(report, options, SKOPS_PLUGINS_AS_THEY_ARE, "acme");
  BOOST_TEST_REQUIRE(row);
  BOOST_TEST(std::string(row->state) == "manifest only");
}

BOOST_AUTO_TEST_CASE(pins_say_what_they_accept) {
  const Folder folder;
  const std::string file = folder.write("acme.skops-plugin.json", manifest);
  skops_plugin_pin pin{};
  pin.size = sizeof pin;
  pin.manifest = file.c_str();
  pin.manifest_sha256 = manifest_sha256;
  const skops_plugin_pin* pins[] = {&pin};
  skops_runtime_options options = options_of_build();
  options.plugins = pins;
  options.n_plugins = 1;
  Plugins report;
  for (const std::uint32_t accept : {0u, 1u}) {
    pin.accept_proposals = accept;
    const skops_plugin_status* row = status_of(report, options, SKOPS_PLUGINS_VERIFY, "acme");
    BOOST_TEST_REQUIRE(row);
    BOOST_TEST(row->accept_proposals == accept);
    BOOST_TEST(std::string(row->pinned_by) == "host");
  }
}

BOOST_AUTO_TEST_CASE(plugins_to_do_without) {
  const char* exclude[] = {"scipy"};
  skops_runtime_options options = options_of_build();
  options.exclude = exclude;
  options.n_exclude = 1;
  Plugins report;
  const skops_plugin_status* row = status_of(report, options, SKOPS_PLUGINS_LOAD, "scipy");
  BOOST_TEST_REQUIRE(row);
  BOOST_TEST(std::string(row->state) == "excluded");
  row = status_of(report, options, SKOPS_PLUGINS_LOAD, "sklearn");
  BOOST_TEST_REQUIRE(row);
  BOOST_TEST(std::string(row->state) == "loaded");
  BOOST_TEST(std::string(row->pinned_by) == "build");
  row = status_of(report, options, SKOPS_PLUGINS_AS_THEY_ARE, "sklearn");
  BOOST_TEST_REQUIRE(row);
  BOOST_TEST(std::string(row->state) == "pinned");
}

// The user's settings name lock files, which this policy forbids: so they were asked for, and
// nothing had to be there.
BOOST_AUTO_TEST_CASE(settings_of_the_user_are_those_of_the_command) {
  skops_runtime_options options = options_of_build();
  options.policy = SKOPS_PLUGINS_STATIC_ONLY;
  skops_error error;
  BOOST_TEST(Runtime(skops_runtime_new(&options, &error)));
  options.user_settings = 1;
  BOOST_TEST(!Runtime(skops_runtime_new(&options, &error)));
  BOOST_TEST(std::string(error.code) == "host.options");
}

BOOST_AUTO_TEST_CASE(policy_files) {
  const Folder folder;
  const std::string deny =
      folder.write("deny.json", "{\n  \"version\": 1,\n  \"deny\": [\"sklearn.svm.*\"]\n}\n");
  const std::string allow =
      folder.write("allow.json", "{\"version\": 1, \"allow\": [\"sklearn.svm._classes.SVC\"]}");
  const char* files[] = {deny.c_str(), allow.c_str()};
  skops_policy policy{};
  policy.size = sizeof policy;
  policy.files = files;
  policy.n_files = 2;
  Audit audit;
  BOOST_TEST(audit_code(policy, &audit) == "");
  BOOST_TEST(skops_audit_ok(audit.get()) == 0);
  BOOST_TEST(holds(report(audit, SKOPS_REPORT_TEXT), deny + ":3"));

  skops_error error;
  const Runtime runtime = make_runtime();
  const File file = svc();
  BOOST_TEST(!Model(skops_model_load(runtime.get(), file.get(), &policy, &error)));
  BOOST_TEST(std::string(error.code) == "trust.denied");
  policy.files = files + 1;
  policy.n_files = 1;
  BOOST_TEST(Model(skops_model_load(runtime.get(), file.get(), &policy, &error)), error.message);

  // Files are read by each call.
  folder.write("allow.json", "{\"version\": 1,\n\"grant\": []}");
  BOOST_TEST(audit_code(policy) == "policy.bad-file");
  folder.write("allow.json", "{\"version\": 1}", 0666);
  BOOST_TEST(audit_code(policy) == "policy.unsafe-file");
  fs::remove(allow);
  BOOST_TEST(audit_code(policy) == "policy.unreadable");
  const char* nothing[] = {nullptr};
  policy.files = nothing;
  BOOST_TEST(audit_code(policy) == "usage.null");
  policy.files = nullptr;
  BOOST_TEST(audit_code(policy) == "usage.null");
}

BOOST_AUTO_TEST_CASE(layered_files_only_when_asked_for) {
  const Folder folder;
  folder.write(".libskops/policy.json", "{\"version\": 1, \"deny\": [\"sklearn.svm.*\"]}");
  skops_policy policy{};
  policy.size = sizeof policy;
  Audit audit;
  BOOST_TEST(audit_code(policy, &audit) == "");
  BOOST_TEST(!holds(report(audit, SKOPS_REPORT_JSON), "policy.not-adopted"));
  policy.user_settings = 1;
  BOOST_TEST(audit_code(policy, &audit) == "");
  BOOST_TEST(holds(report(audit, SKOPS_REPORT_JSON), "policy.not-adopted"));
  BOOST_TEST(skops_audit_n_untrusted(audit.get()) == 0u);  // it has not been adopted
}

BOOST_AUTO_TEST_CASE(formats_of_reports) {
  skops_policy policy{};
  policy.size = sizeof policy;
  Audit audit;
  BOOST_TEST_REQUIRE(audit_code(policy, &audit) == "");
  BOOST_TEST(holds(report(audit, 0), "SVC"));  // the values of the first version
  BOOST_TEST(report(audit, 1).starts_with("{"));
  BOOST_TEST(holds(report(audit, SKOPS_REPORT_SARIF), "\"2.1.0\""));
  BOOST_TEST(report(audit, SKOPS_REPORT_HTML).starts_with("<!DOCTYPE html>"));
  for (const std::int32_t format : {-1, 4, 1 << 30}) {
    skops_error error;
    BOOST_TEST(!skops_audit_report(audit.get(), format, &error));
    BOOST_TEST(std::string(error.code) == "usage.type");
  }
}

BOOST_AUTO_TEST_CASE(numbers_that_are_no_constant) {
  skops_error error;
  skops_runtime_options options = options_of_build();
  options.policy = 3;
  BOOST_TEST(!Runtime(skops_runtime_new(&options, &error)));
  BOOST_TEST(std::string(error.code) == "usage.type");
  const Runtime runtime = make_runtime();
  BOOST_TEST(!Plugins(skops_runtime_plugins(runtime.get(), 3, &error)));
  BOOST_TEST(std::string(error.code) == "usage.type");
  BOOST_TEST(!Plugins(skops_runtime_plugins(nullptr, 0, &error)));
  BOOST_TEST(std::string(error.code) == "usage.null");
  BOOST_TEST(!skops_plugins_item(nullptr, 0));
  skops_plugins_free(nullptr);
  for (auto set : {+[](skops_runtime_options& o) { o.n_plugins = 1; },
                   +[](skops_runtime_options& o) { o.n_lock_files = 1; },
                   +[](skops_runtime_options& o) { o.n_installed_directories = 1; },
                   +[](skops_runtime_options& o) { o.n_exclude = 1; }}) {
    options = options_of_build();
    set(options);
    BOOST_TEST(!Runtime(skops_runtime_new(&options, &error)));
    BOOST_TEST(std::string(error.code) == "usage.null");
  }
}

// A caller of the first version has shorter structs, with whatever behind them.
BOOST_AUTO_TEST_CASE(structs_of_the_first_version) {
  const auto shortened = [](auto whole, std::size_t size) {
    whole.size = size;
    std::memset(reinterpret_cast<unsigned char*>(&whole) + size, 0xa5, sizeof whole - size);
    return whole;
  };
  const Folder folder;
  const std::string file = folder.write("acme.skops-plugin.json", manifest);
  skops_plugin_pin pin{};
  pin.manifest = file.c_str();
  pin.manifest_sha256 = manifest_sha256;
  pin = shortened(pin, offsetof(skops_plugin_pin, accept_proposals));
  const skops_plugin_pin* pins[] = {&pin};
  skops_runtime_options options = options_of_build();
  options.plugins = pins;
  options.n_plugins = 1;
  options = shortened(options, offsetof(skops_runtime_options, installed_directories));
  Plugins report;
  const skops_plugin_status* row = status_of(report, options, SKOPS_PLUGINS_AS_THEY_ARE, "acme");
  BOOST_TEST_REQUIRE(row);
  BOOST_TEST(std::string(row->state) == "manifest only");
  BOOST_TEST(row->accept_proposals == 0u);

  const char* names[] = {"sklearn.svm.*"};
  skops_policy policy{};
  policy.deny = names;
  policy.n_deny = 1;
  policy = shortened(policy, offsetof(skops_policy, files));
  Audit audit;
  BOOST_TEST(audit_code(policy, &audit) == "");
  BOOST_TEST(skops_audit_n_untrusted(audit.get()) == 1u);
}
