// The host: which plugins may run in this process, and the way from a file to an audit or a model.
//
// A default-constructed host knows the plugins that were pinned when it was built. Making one opens
// no file and reads no environment variable; a plugin's library is mapped when a file first needs
// it, after its SHA-256 has been compared with the pin. Libraries stay mapped for the life of the
// process. A host may be used from several threads.
//
// Further plugins are pinned by value, in the host's own code or configuration; nothing in or
// beside a model file can add one:
//
//   skops::Host host({.plugins = {{.manifest = "/opt/acme/acme.skops-plugin.json",
//                                  .manifest_sha256 = "5d1c...", .library_sha256 = "e0b7..."}}});
//
// or by the lock files that the host names (plugin_lock.hpp), for plugins in folders that it names:
//
//   skops::Host host({.installed_directories = {"/opt/acme/plugins"},
//                     .lock_files = {"/opt/acme/plugins.lock.json"}});
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "skops/audit.hpp"
#include "skops/file.hpp"
#include "skops/make.hpp"
#include "skops/model.hpp"
#include "skops/policy.hpp"

namespace skops {

class Graph;
class PluginRegistry;

// One plugin that may run in this process: its manifest, by content, and the library that lies in
// the same folder, by content. Hashes are SHA-256 as 64 lower-case hexadecimal digits.
struct PluginPin {
  std::filesystem::path manifest;
  std::string manifest_sha256;
  std::string library_sha256 = {};  // empty for a plugin that is a manifest alone
  // Whether the types that the manifest proposes to trust need no rule. Otherwise the one who loads
  // a file opts the library in: `policy.trust("acme")`.
  bool accept_proposals = false;
  // The manifest says what the library's names are, for audits and for Python objects; its native
  // code is not let in, whatever the manifest says of it.
  bool describes_only = false;

  // The pin of the files as they are now, for tests of a plugin and for tools that show a person
  // what is about to be pinned. A host that asks this at each start has checked nothing. Throws
  // skops::Error (plugin).
  static PluginPin of(const std::filesystem::path& manifest);
};

// One row of the report on plugins.
struct PluginStatus {
  std::string id, version;  // the file's name instead of the id where no manifest could be read
  // "pinned", "loaded", "refused", "excluded", "manifest only", or "not enabled": it lies in a
  // folder of installed plugins, and nothing pins it
  std::string state;
  std::string code, text, remedy;      // why it was refused, or cannot be enabled
  std::string library;                 // file that was or would be mapped
  std::string manifest;                // file; empty for one that was pinned by the build
  std::string pinned_by;               // "build", "host", the lock file, or empty
  bool accept_proposals = false;       // of one that was pinned by the host or a lock file
  std::string enabled_by, enabled_at;  // as the lock file says
};

// What may run in this process at all.
enum class PluginPolicy {
  static_only,  // the plugins that were pinned by the build
  pinned,       // and those that the host or a lock file pins
  directory,    // and each one of the installed directories whose library is the one of its
                // manifest: for a folder that only the operator of the host can write
};

class Host {
 public:
  struct Options {
    // Where the libraries of pinned plugins lie; empty: beside the binary that holds the core
    // (`plugins/` or `../plugins/` of its folder).
    std::vector<std::filesystem::path> plugin_directories = {};
    // Plugins besides those pinned by the build. One that is refused is a row of `plugins()` and
    // stops nothing else; its types stay inert.
    std::vector<PluginPin> plugins = {};
    // Ids of plugins, first-party ones too, that this host does without. Two plugins that claim the
    // same loader or class are both refused; excluding one settles it.
    std::vector<std::string> exclude = {};
    // Folders of installed plugins. Each must be writable for root or the user alone, or its
    // plugins are refused. Being there enables nothing, unless `policy` says so.
    std::vector<std::filesystem::path> installed_directories = {};
    // Lock files that pin installed plugins; the first one that names an id decides. They are read
    // when a file or a report first needs a plugin, and once.
    std::vector<std::filesystem::path> lock_files = {};
    // With `static_only`, naming plugins, directories or lock files is an error (usage).
    PluginPolicy policy = PluginPolicy::pinned;
  };

  Host();
  explicit Host(Options options);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // The node graph of a file, for passes over it (core/graph).
  std::shared_ptr<const Graph> graph(const File& file) const;
  // Manifests and serializers, for passes over the graph (core/plugin).
  const std::shared_ptr<const PluginRegistry>& registry() const;
  // Every name of the file and what the policy says of it. Runs no plugin code.
  Audit audit(const File& file, const Policy& policy = {}) const;
  // Builds the native model. Throws skops::Error: `untrusted` where a deny rule hits. While it
  // runs, a second thread compares the checksums of files with more than 4 MiB of stored arrays.
  Model load(const File& file, const Policy& policy = {}) const;
  // open + load.
  Model load(const std::filesystem::path& path, const Policy& policy = {}) const;
  // Builds the native model of an object made in C++ (make.hpp); Model::save writes its file.
  Model make(const Part& object, const Policy& policy = {}) const;

  // The report. The library of each plugin that is not mapped is read and compared with its pin:
  // one that has changed since is "refused".
  std::vector<PluginStatus> plugins() const;
  // The same as pins and manifests say, for who asks at every file: opens no library, so a plugin
  // may be refused that is "pinned" here.
  std::vector<PluginStatus> known_plugins() const;
  // Maps every pinned plugin now and reports what happened; one refusal does not stop the others.
  std::vector<PluginStatus> load_plugins() const;
  // The report of all files as they are now: manifests and lock files, too, are read anew, and
  // those that are not enabled are compared with theirs. Maps nothing. What is wrong is in the row,
  // whose code is empty otherwise.
  std::vector<PluginStatus> verify_plugins() const;

 private:
  friend std::vector<std::byte> save_to_memory(const Host& host, const Part& object,
                                               const SaveOptions& options);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skops
