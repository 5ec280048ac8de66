// The plugins of one host: manifests read, layouts and serializers known, libraries mapped when a
// file first needs them.
//
// Nothing happens before the first use. Two plugins that claim the same loader or class are both
// refused, whatever the order. Every outcome is one row of the report; one refusal never stops the
// others. May be used from several threads.
#pragma once

#include <filesystem>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/loader_table.hpp"
#include "manifest/manifest.hpp"
#include "model/loaded_graph.hpp"
#include "plugin/pins.hpp"
#include "skops/host.hpp"

namespace skops {

class PluginRegistry final : public SerializerSource {
 public:
  PluginRegistry(std::span<const Pin> pins, std::vector<std::filesystem::path> directories);

  // Manifests of the accepted plugins; read at the first call.
  const std::vector<Manifest>& manifests() const;
  const LoaderTable& loaders() const;

  const skops_serializer* find(std::string_view loader, std::string_view module,
                               std::string_view name, int protocol) const override;

  std::vector<PluginStatus> status() const;
  // Maps every library now.
  void map_all() const;

 private:
  struct Plugin {
    const skops_plugin* entry = nullptr;
    bool tried = false;
    PluginStatus status;
  };

  void read() const;
  // The plugin's entry after all checks; throws skops::Error (plugin).
  const skops_plugin* map(std::size_t plugin) const;
  std::filesystem::path locate(const std::string& file) const;
  static void check_entry(const skops_plugin& entry, const Manifest& manifest);

  std::span<const Pin> pins_;
  std::vector<std::filesystem::path> directories_;
  mutable std::once_flag once_;
  mutable std::mutex mutex_;
  mutable std::vector<Manifest> manifests_;
  mutable LoaderTable loaders_;
  mutable std::vector<Plugin> plugins_;                              // as manifests_
  mutable std::unordered_map<std::string, std::size_t> by_claim_;    // "loader\nmodule\nclass"
};

}  // namespace skops
