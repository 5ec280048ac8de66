// Plugins that a host pins by value: what is accepted, what is refused and with which code, and
// that a refusal stops nothing else. The plugin is the one of examples/plugins/native.
#define BOOST_TEST_MODULE pins
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>

#include "plugin/sha256.hpp"
#include "skops/skops.hpp"
#include "unit/archive/archive_builder.hpp"

namespace {

namespace fs = std::filesystem;
using skops::Host;
using skops::PluginPin;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// The plugin's two files in a folder of their own.
struct Copied {
  Copied() {
    std::string name = (fs::temp_directory_path() / "skops-pins-XXXXXX").string();
    BOOST_TEST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    manifest = folder / "acme_outliers.skops-plugin.json";
    library = folder / "libskops_acme_outliers.so";
    for (const fs::path& file : {manifest, library}) {
      fs::copy_file(fs::path(ACME_PLUGINS) / file.filename(), file);
    }
    pin = PluginPin::of(manifest);
  }
  ~Copied() { fs::remove_all(folder); }
  // A library that this process has not mapped yet: what is mapped is known by its hash, and no
  // file is looked at again. The linker ignores what follows the sections.
  void make_new() {
    static int count = 0;
    const std::string bytes = read(library), longer = bytes + "tail " + std::to_string(++count);
    std::string text = read(manifest);
    const auto replace = [&](const std::string& from, const std::string& to) {
      BOOST_TEST_REQUIRE(text.find(from) != std::string::npos);
      text.replace(text.find(from), from.size(), to);
    };
    replace("\"size\": " + std::to_string(bytes.size()),
            "\"size\": " + std::to_string(longer.size()));
    replace(pin.library_sha256, skops::sha256_hex(std::as_bytes(std::span(longer))));
    write(library, longer);
    write(manifest, text);
    pin = PluginPin::of(manifest);
  }

  fs::path folder, manifest, library;
  PluginPin pin;
};

const fs::path model_path = fs::path(ACME_CASES) / "accept-default" / "model.skops";
const fs::path other_model =
    fs::path(SKOPS_TEST_DATA) / "data/sk19/LinearRegression-default/model.skops";
const skops::Policy trusting = skops::Policy().trust("acme_outliers");

// The row of the plugin after everything was mapped.
skops::PluginStatus row_of(const Host& host, const std::string& id = "acme_outliers") {
  skops::PluginStatus found;
  for (const auto& row : host.load_plugins()) {
    if (row.id == id) found = row;
  }
  return found;
}

// The plugin is refused with this code, its model has no methods, and others load as ever.
void check_refused(const Host& host, const std::string& code,
                   const std::string& row = "acme_outliers") {
  const auto status = row_of(host, row);
  BOOST_TEST(status.state == "refused");
  BOOST_TEST(status.code == code);
  BOOST_TEST(!status.text.empty());
  BOOST_TEST(!status.remedy.empty());
  BOOST_TEST(host.load(other_model).unavailable() == "");
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_pinned_plugin_scores, Copied) {
  const Host host({.plugins = {pin}});
  BOOST_TEST(host.plugins().back().state == "pinned");
  const skops::Model model = host.load(model_path, trusting);
  BOOST_TEST(model.unavailable() == "");
  BOOST_TEST(model.find_method("score_samples") >= 0);
  BOOST_TEST(row_of(host).state == "loaded");
}

// What a plugin says of a file or of the input carries its id.
BOOST_FIXTURE_TEST_CASE(errors_name_the_plugin, Copied) {
  const Host host({.plugins = {pin}});
  const auto is_its = [](const skops::Error& error) {
    BOOST_TEST(error.where().plugin == "acme_outliers", error.what());
    return std::string(error.what()).find("plugin acme_outliers") != std::string::npos;
  };
  BOOST_CHECK_EXCEPTION(host.load(fs::path(ACME_CASES) / "reject-zero-scale/model.skops", trusting),
                        skops::Error, is_its);
  const skops::Model model = host.load(model_path, trusting);
  const double x = 1;
  BOOST_CHECK_EXCEPTION(model.array("predict", skops::view(&x, 1, 1)), skops::Error, is_its);
}

BOOST_FIXTURE_TEST_CASE(pinning_a_plugin_does_not_trust_its_names, Copied) {
  const Host host({.plugins = {pin}});
  BOOST_TEST(host.load(model_path).unavailable() != "");
  BOOST_TEST(host.plugins().back().state == "pinned");  // not mapped for a name that stays inert
  const auto untrusted = host.audit(skops::File::open(model_path)).untrusted();
  BOOST_TEST((untrusted == std::vector<std::string>{"acme_outliers.MadDetector"}));
}

BOOST_FIXTURE_TEST_CASE(without_a_pin_nothing_beside_the_model_counts, Copied) {
  fs::copy_file(model_path, folder / "model.skops");
  const skops::Model model = Host().load(folder / "model.skops", trusting);
  BOOST_TEST(model.unavailable() != "");
  BOOST_TEST(model.methods().empty());
  BOOST_TEST(row_of(Host()).id == "");
}

// What a manifest proposes to trust counts only where the pin says so.
BOOST_FIXTURE_TEST_CASE(proposals_are_accepted_by_the_pin, Copied) {
  std::string text = read(manifest);
  const std::string from = "\"trust\":\"opt-in\"", to = "\"trust\":\"default\"";
  BOOST_TEST_REQUIRE(text.find(from) != std::string::npos);
  write(manifest, text.replace(text.find(from), from.size(), to));
  pin = PluginPin::of(manifest);
  const skops::File file = skops::File::open(model_path);
  const auto root = [&] { return Host({.plugins = {pin}}).audit(file).names().at(0); };
  BOOST_TEST(root().name == "acme_outliers.MadDetector");
  BOOST_TEST((root().decision == skops::Decision::undecided));
  BOOST_TEST(!root().native);
  pin.accept_proposals = true;
  BOOST_TEST((root().decision == skops::Decision::allowed));
  BOOST_TEST(root().native);
}

BOOST_FIXTURE_TEST_CASE(a_changed_manifest_is_refused, Copied) {
  write(manifest, read(manifest) + "\n");
  const Host host({.plugins = {pin}});
  check_refused(host, "policy.manifest-changed", manifest.filename());
  BOOST_TEST(host.load(model_path, trusting).unavailable() != "");
}

BOOST_FIXTURE_TEST_CASE(a_changed_library_is_refused, Copied) {
  make_new();
  std::string bytes = read(library);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write(library, bytes);
  const Host host({.plugins = {pin}});
  check_refused(host, "library.changed");
  BOOST_CHECK_EXCEPTION(host.load(model_path, trusting), skops::Error,
                        [](const skops::Error& e) { return e.code() == "library.changed"; });
}

BOOST_FIXTURE_TEST_CASE(a_missing_library_is_refused, Copied) {
  make_new();
  fs::remove(library);
  check_refused(Host({.plugins = {pin}}), "library.missing");
}

BOOST_FIXTURE_TEST_CASE(a_library_behind_a_link_is_refused, Copied) {
  make_new();
  fs::rename(library, folder / "elsewhere.so");
  fs::create_symlink(folder / "elsewhere.so", library);
  check_refused(Host({.plugins = {pin}}), "library.missing");
}

BOOST_FIXTURE_TEST_CASE(the_library_is_pinned_too, Copied) {
  pin.library_sha256 = std::string(64, '0');
  check_refused(Host({.plugins = {pin}}), "policy.library-changed");
}

BOOST_FIXTURE_TEST_CASE(a_pin_without_the_librarys_hash_is_refused, Copied) {
  pin.library_sha256.clear();
  check_refused(Host({.plugins = {pin}}), "policy.library-changed");
}

BOOST_FIXTURE_TEST_CASE(a_missing_manifest_is_refused, Copied) {
  fs::remove(manifest);
  check_refused(Host({.plugins = {pin}}), "manifest.missing", manifest.filename());
}

BOOST_FIXTURE_TEST_CASE(a_manifest_behind_a_link_is_refused, Copied) {
  fs::rename(manifest, folder / "elsewhere.json");
  fs::create_symlink(folder / "elsewhere.json", manifest);
  check_refused(Host({.plugins = {pin}}), "manifest.missing", manifest.filename());
}

BOOST_FIXTURE_TEST_CASE(a_folder_is_no_manifest, Copied) {
  pin.manifest = folder;
  check_refused(Host({.plugins = {pin}}), "manifest.missing", folder.filename());
}

BOOST_FIXTURE_TEST_CASE(a_huge_manifest_is_refused, Copied) {
  write(manifest, std::string(1 << 20, ' '));
  check_refused(Host({.plugins = {pin}}), "manifest.malformed", manifest.filename());
}

BOOST_FIXTURE_TEST_CASE(a_pin_is_a_hash, Copied) {
  for (const char* hash : {"", "5d1c", "trust me"}) {
    pin.manifest_sha256 = hash;
    check_refused(Host({.plugins = {pin}}), "policy.bad-pin", manifest.filename());
  }
}

BOOST_FIXTURE_TEST_CASE(a_newer_abi_is_refused, Copied) {
  std::string text = read(manifest);
  const auto at = text.find("[1, 0]");
  BOOST_TEST_REQUIRE(at != std::string::npos);
  write(manifest, std::string(text).replace(at, 6, "[1, 9]"));
  check_refused(Host({.plugins = {PluginPin::of(manifest)}}), "abi.newer");
  write(manifest, std::string(text).replace(at, 6, "[2, 0]"));
  check_refused(Host({.plugins = {PluginPin::of(manifest)}}), "abi.major");
}

BOOST_FIXTURE_TEST_CASE(a_manifest_that_differs_from_its_library_is_refused, Copied) {
  std::string text = read(manifest);
  const std::string from = "\"version\": \"1.0.0\"";
  BOOST_TEST_REQUIRE(text.find(from) != std::string::npos);
  write(manifest, text.replace(text.find(from), from.size(), "\"version\": \"1.0.1\""));
  check_refused(Host({.plugins = {PluginPin::of(manifest)}}), "entry.mismatch");
}

// Neither of two that claim one class is taken, whatever the order; excluding one settles it.
BOOST_FIXTURE_TEST_CASE(two_claims_refuse_both, Copied) {
  Copied other;
  std::string text = read(other.manifest);
  const std::string from = "\"id\": \"acme_outliers\"";
  BOOST_TEST_REQUIRE(text.find(from) != std::string::npos);
  write(other.manifest, text.replace(text.find(from), from.size(), "\"id\": \"acme_copy\""));
  const PluginPin copy = PluginPin::of(other.manifest);
  for (const auto& pins : {std::vector{pin, copy}, std::vector{copy, pin}}) {
    const Host host({.plugins = pins});
    check_refused(host, "conflict.loader");
    check_refused(host, "conflict.loader", "acme_copy");
    BOOST_TEST(host.load(model_path, trusting).unavailable() != "");
  }
  const Host settled({.plugins = {pin, copy}, .exclude = {"acme_copy"}});
  BOOST_TEST(settled.load(model_path, trusting).unavailable() == "");
}

BOOST_FIXTURE_TEST_CASE(one_id_twice_refuses_both, Copied) {
  check_refused(Host({.plugins = {pin, pin}}), "conflict.loader");
}

BOOST_FIXTURE_TEST_CASE(a_plugin_that_claims_a_first_party_class_takes_nothing_over, Copied) {
  std::string text = read(manifest);
  const std::string from = "\"module\":\"acme_outliers\",\"class\":\"MadDetector\"",
                    to = "\"module\":\"sklearn.svm._classes\",\"class\":\"SVC\"";
  BOOST_TEST_REQUIRE(text.find(from) != std::string::npos);
  text.replace(text.find(from), from.size(), to);
  write(manifest, text);
  const Host host({.plugins = {PluginPin::of(manifest)}});
  BOOST_TEST(row_of(host).code == "conflict.loader");
  BOOST_TEST(row_of(host, "sklearn").code == "conflict.loader");
  const auto svc = fs::path(SKOPS_TEST_DATA) / "data/sk19/SVC-rbf/model.skops";
  BOOST_TEST(host.load(svc).unavailable() != "");
}

BOOST_AUTO_TEST_CASE(a_first_party_plugin_can_be_left_out) {
  const Host host({.exclude = {"sklearn"}});
  BOOST_TEST(row_of(host, "sklearn").state == "excluded");
  BOOST_TEST(host.load(other_model).unavailable() != "");
}

BOOST_AUTO_TEST_CASE(making_a_host_opens_nothing) {
  // Even a pin that names no file is looked at when a file or a report first needs it.
  const Host host({.plugins = {{"/no/such/manifest.json", std::string(64, '0')}}});
  BOOST_TEST(row_of(host, "manifest.json").code == "manifest.missing");
}

// Hosts of one process know different loaders; one opened file serves them all.
BOOST_FIXTURE_TEST_CASE(one_file_and_two_hosts, Copied) {
  // A loader that only this plugin has.
  const fs::path own = folder / "own.skops-plugin.json";
  write(own, R"({"manifest_version": 1, "id": "own", "version": "1", "abi": [1, 0], "library": [],
"loaders": [{"loader": "OwnNode", "protocols": [0, 3], "use": "object", "fields": []}],
"types": [{"trust": "opt-in", "uses": ["object"], "modules": ["own"], "names": ["Thing"]}],
"serializers": []})");
  const auto findings = [](const Host& host, const skops::File& file) {
    return host.audit(file).findings().size();
  };
  const std::string bytes = skops_test::plain_archive(
      {{"schema.json", R"({"__class__": "Thing", "__module__": "own", "__loader__": "OwnNode",
"__id__": 1, "protocol": 3, "_skops_version": "0.14.0"})"}});
  const skops::File file =
      skops::File::from_memory(std::as_bytes(std::span(bytes)), {}, "own.skops");
  const Host plain, with({.plugins = {PluginPin::of(own)}});
  BOOST_TEST(findings(plain, file) == 1u);
  BOOST_TEST(findings(with, file) == 0u);
  BOOST_TEST(findings(plain, file) == 1u);
  // A host that is gone leaves nothing for the next one, wherever that lies.
  for (int k = 0; k < 4; ++k) {
    BOOST_TEST(findings(*std::make_unique<Host>(), file) == 1u);
    const Host::Options options{.plugins = {PluginPin::of(own)}};
    BOOST_TEST(findings(*std::make_unique<Host>(options), file) == 0u);
  }
}
