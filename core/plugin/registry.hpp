// The plugins of one host: manifests read, layouts and serializers known, libraries mapped when a
// file first needs them.
//
// Nothing happens before the first use. Two plugins that claim the same loader or class are both
// refused, whatever the order. Every outcome is one row of the report; one refusal never stops the
// others. May be used from several threads.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/loader_table.hpp"
#include "manifest/manifest.hpp"
#include "model/loaded_graph.hpp"
#include "plugin/pins.hpp"
#include "plugin/plugin_file.hpp"
#include "skops/host.hpp"
#include "trust/known_names.hpp"

namespace skops {

class PluginRegistry final : public SerializerSource {
 public:
  // `pins` are those of the build. Throws skops::Error (usage) where the options contradict each
  // other.
  explicit PluginRegistry(std::span<const Pin> pins, Host::Options options = {});

  // Manifests of the accepted plugins; read at the first call.
  const std::vector<Manifest>& manifests() const;
  const LoaderTable& loaders() const;
  // What the policy without rules allows by these manifests.
  const KnownNames& known_names() const;

  const skops_serializer* find(std::string_view loader, std::string_view module,
                               std::string_view name, int protocol) const override;
  std::string plugin_of(const skops_serializer& serializer) const override;

  // The rows of all that is pinned or refused, then of what is installed and not enabled, as pins
  // and manifests say; opens no library.
  std::vector<PluginStatus> status() const;
  // The same after each library that may run, or is complete but for an enabling, and is not mapped
  // was read and compared; maps nothing. What is found says nothing of the next time.
  std::vector<PluginStatus> report() const;
  // The same of all files as they are now, whatever was read before.
  std::vector<PluginStatus> verify() const;
  // Maps every library now.
  void map_all() const;

 private:
  struct Plugin {
    const skops_plugin* entry = nullptr;
    PluginStatus status;
    // Of a plugin that is not the build's: where it lies, its manifest's text, and who may be able
    // to write its files.
    std::filesystem::path folder;
    std::string text;
    Writers writers = Writers::anyone;
  };

  using Read = std::vector<std::optional<Manifest>>;

  void read() const;
  void read_installed(Read& read) const;
  // The manifest of a pin; nothing where it is refused, which the plugin's row then says.
  static std::optional<Manifest> read_pin(const Pin& pin, Plugin& plugin);
  static std::optional<Manifest> read_pin(const PluginPin& pin, Plugin& plugin);
  static Manifest check_manifest(std::string_view text, std::string_view origin, Plugin& plugin,
                                 bool describes_only = false);
  // What to do about a refused plugin of a lock file, in terms of the command.
  static void advise(Plugin& plugin);
  // Rows of installed plugins that nothing pins; looked up anew each time.
  void add_not_enabled(std::vector<PluginStatus>& rows) const;
  // Reads the library of a row and compares it; what is wrong is in the row.
  void compare(PluginStatus& row, const Plugin& plugin, const Manifest& manifest) const;
  void refuse_conflicts(std::span<const std::optional<Manifest>> read) const;
  static void refuse(Plugin& plugin, const Error& error);
  // The entry of the plugin with this manifest after all checks; throws skops::Error (plugin).
  const skops_plugin* map(std::size_t manifest) const;
  std::filesystem::path locate(const Plugin& plugin, const std::string& file) const;
  static void check_entry(const skops_plugin& entry, const Manifest& manifest);

  std::span<const Pin> pins_;
  Host::Options options_;
  mutable std::once_flag once_;
  mutable std::mutex mutex_;
  mutable std::vector<Plugin> plugins_;  // as pins_, as Options::plugins, then the installed ones
  mutable std::vector<Manifest> manifests_;    // of the accepted ones
  mutable std::vector<std::size_t> accepted_;  // as manifests_: the place in plugins_
  mutable LoaderTable loaders_;
  mutable std::unique_ptr<const KnownNames> known_names_;
  // "loader\nmodule\nclass" to the place in manifests_.
  mutable std::unordered_map<std::string, std::size_t> by_claim_;
};

}  // namespace skops
