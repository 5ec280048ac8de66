// The host: which plugins may run in this process, and the way from a file to an audit or a model.
//
// A default-constructed host knows the plugins that were pinned when it was built. Making one opens
// no file and reads no environment variable; a plugin's library is mapped when a file first needs
// it, after its SHA-256 has been compared with the pin. Libraries stay mapped for the life of the
// process. A host may be used from several threads.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "skops/audit.hpp"
#include "skops/file.hpp"
#include "skops/model.hpp"
#include "skops/policy.hpp"

namespace skops {

class Graph;

// One row of the report on plugins.
struct PluginStatus {
  std::string id, version;
  std::string state;   // "pinned", "loaded", "refused", "manifest only"
  std::string code, text, remedy;  // why it was refused
  std::string library; // file that was or would be mapped
};

class Host {
 public:
  struct Options {
    // Where the libraries of pinned plugins lie; empty: beside the binary that holds the core
    // (`plugins/` or `../plugins/` of its folder).
    std::vector<std::filesystem::path> plugin_directories;
  };

  Host();
  explicit Host(Options options);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // The node graph of a file, for passes over it (core/graph).
  std::shared_ptr<const Graph> graph(const File& file) const;
  // Every name of the file and what the policy says of it. Runs no plugin code.
  Audit audit(const File& file, const Policy& policy = {}) const;
  // Builds the native model. Throws skops::Error: `untrusted` where a deny rule hits.
  Model load(const File& file, const Policy& policy = {}) const;
  // open + load.
  Model load(const std::filesystem::path& path, const Policy& policy = {}) const;

  std::vector<PluginStatus> plugins() const;
  // Maps every pinned plugin now and reports what happened; one refusal does not stop the others.
  std::vector<PluginStatus> load_plugins() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skops
